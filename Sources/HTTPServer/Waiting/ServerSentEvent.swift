/// One event of an event stream (HTML, section 9.2: server-sent events).
public struct ServerSentEvent: Sendable, Hashable {
    /// What a client that comes back sends as `Last-Event-ID`; the client keeps the last one where it is `nil`.
    public var id: String?
    /// The event's name, which the client listens for; `message` where it is `nil`.
    public var event: String?
    /// The data, of any number of lines.
    public var data: String

    /// An event. Line ends and NUL have no place in `id` and `event`, and are not sent.
    public init(id: String? = nil, event: String? = nil, data: String) {
        self.id = id
        self.event = event
        self.data = data
    }

    /// A comment: keeps the way open, and no client's program sees it.
    static let heartbeat = ":\n\n"

    /// The event as it is sent.
    var text: String {
        var text = ""
        if let id { text += "id: \(Self.oneLine(id))\n" }
        if let event { text += "event: \(Self.oneLine(event))\n" }
        for line in Self.lines(data) { text += "data: \(line)\n" }
        return text + "\n"
    }

    private static func oneLine(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0 != "\n" && $0 != "\r" && $0 != "\0" })
    }

    /// A client ends a line at CR, LF or both, which are one character of Swift's.
    private static func lines(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    }
}
