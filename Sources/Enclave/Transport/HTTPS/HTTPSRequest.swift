import EnclaveLink

/// A `POST` to a provider, or to a receiver of webhooks. Headers and body carry credentials, so it prints nothing of them.
struct HTTPSRequest: Sendable, Redacted {
    /// With the query, from the first slash on.
    var path: String
    /// Whole lines, such as `Content-Type: text/plain`, without line ends.
    var headers: [String]
    var body: [UInt8]

    var description: String { "<request>" }
}

/// What a server answered, whatever the status says.
struct HTTPSAnswer: Equatable, Sendable {
    let status: Int
    /// As the header gives it; nil where there is none.
    let contentType: String?
    let body: [UInt8]
}

/// Why there is no answer.
enum HTTPSError: Error, Equatable, Sendable {
    /// The host opens no stream to this destination.
    case refused
    /// No stream came about, or it ended early.
    case unreachable
    case certificateRefused
    case timedOut
    /// More than the connection takes.
    case answerTooLong
    /// What came was no HTTP over TLS, or a header was no header.
    case protocolBroken
}
