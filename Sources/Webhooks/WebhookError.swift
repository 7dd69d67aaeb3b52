import EnclaveLink
import Storage

/// Why something about webhooks was refused. Equal by code.
public struct WebhookError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Equatable, Sendable {
        /// An endpoint's address, description or types, or a period.
        case invalidSetting
        /// The enclave sends nothing to this host.
        case hostNotAllowed
        case tooManyEndpoints
        /// Another workspace's, or none.
        case notFound
        /// Nothing is sent to a disabled endpoint.
        case endpointDisabled
        /// Only what is in the dead-letter list is sent again.
        case notDead
        /// Too much waits for the endpoint already.
        case queueFull
        case unavailable
    }

    public let code: Code
    /// Words for whoever may act on it; never a secret or an address.
    public let message: String
    /// Where it was raised, for the log.
    public let place: String

    private init(_ code: Code, _ message: String, _ file: String, _ line: Int) {
        self.code = code
        self.message = message
        place = "\(file):\(line)"
    }

    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }
    public var description: String { "\(message) (\(place))" }
}

extension WebhookError {
    static func invalidSetting(_ message: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.invalidSetting, message, file, line)
    }
    static func hostNotAllowed(file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .hostNotAllowed,
            "Webhooks do not go to this host: it is no public one, or the server's settings do not name it.", file, line
        )
    }
    static func tooManyEndpoints(file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .tooManyEndpoints, "A workspace has at most \(WebhookEndpoint.limit) webhook endpoints: delete one first.",
            file, line)
    }
    static func notFound(_ what: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.notFound, "There is no such \(what).", file, line)
    }
    static func endpointDisabled(file: String = #fileID, line: Int = #line) -> Self {
        .init(.endpointDisabled, "The webhook endpoint is disabled: enable it first.", file, line)
    }
    static func notDead(file: String = #fileID, line: Int = #line) -> Self {
        .init(.notDead, "Only what is in the dead-letter list can be sent again.", file, line)
    }
    static func queueFull(file: String = #fileID, line: Int = #line) -> Self {
        .init(
            .queueFull, "\(WebhookEndpoint.waitingLimit) messages wait for this endpoint already.", file, line)
    }
    static func unavailable(_ reason: String, file: String = #fileID, line: Int = #line) -> Self {
        .init(.unavailable, reason, file, line)
    }
}

extension WebhookError: StorageFailure {
    public init(_ error: any Error) {
        switch error {
        case let error as WebhookError: self = error
        case let error as StorageError: self = .unavailable(error.reason)
        case let error as EnclaveError: self = .unavailable("the enclave says \(error.code)")
        default: self = .unavailable("an unexpected error of type \(type(of: error))")
        }
    }
}
