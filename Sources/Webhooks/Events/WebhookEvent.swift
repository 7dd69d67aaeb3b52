import Encodings
import FoundationEssentials
import Workspaces

/// Something that happened in a workspace, for those endpoints that want to know of it.
public struct WebhookEvent: Sendable {
    /// `msg_` and a UUID that begins with the event's time. The receiver's `webhook-id`: the same for every endpoint and
    /// in every attempt, so that a receiver can tell what it has had before.
    public let id: String
    public let workspace: String
    public let type: WebhookEventType
    /// Unix milliseconds.
    public let time: Int64
    /// Writes what the message says of it: a JSON object, never with a token, a key or a code.
    let data: @Sendable () -> String

    /// Bytes of `data` that a message should stay under: what is longer belongs behind an address in it.
    public static let advisedDataLimit = 20_000

    /// - Parameters:
    ///   - time: Unix milliseconds.
    ///   - data: writes a JSON object. Asked only where an endpoint listens.
    public init(workspace: String, type: WebhookEventType, time: Int64, data: @escaping @Sendable () -> String) {
        id = "msg_" + RandomIdentifier.uuid(at: time)
        self.workspace = workspace
        self.type = type
        self.time = time
        self.data = data
    }

    /// The message's body: `{"type":…,"timestamp":…,"data":{…}}`, the time as RFC 3339 has it.
    var body: String {
        let timestamp = Date(timeIntervalSince1970: Double(time) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        return "{\"type\":\(JSONText.quoted(type.rawValue)),\"timestamp\":\"\(timestamp)\",\"data\":\(data())}"
    }
}
