import Foundation

/// Carries one request to the server and its answer back.
///
/// A transport sends a request exactly once: it follows no redirect and repeats nothing by itself. Tests use one that
/// answers from a script; ``URLSessionTransport`` is the one for real use.
public protocol Transport: Sendable {
    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse
}

/// A request as it goes out. Its header has keys and tokens and its body may have a code, so neither shows.
public struct TransportRequest: Sendable, Redacted {
    public var method: String
    public var url: URL
    public var headers: [String: String]
    public var body: Data?
    /// For the whole exchange.
    public var timeout: Duration
    /// False for a request that must not arrive twice: it needs a connection of its own, because HTTP libraries send
    /// anew what they wrote to a kept connection that turns out to be closed.
    public var mayArriveTwice: Bool

    public init(
        method: String, url: URL, headers: [String: String], body: Data?, timeout: Duration, mayArriveTwice: Bool
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.mayArriveTwice = mayArriveTwice
    }

    public var description: String { "<\(method) request>" }
}

/// An answer as it came in. Its body may have a token, so it does not show.
public struct TransportResponse: Sendable, Redacted {
    public var status: Int
    public var body: Data
    private let headers: [String: String]

    /// - Parameter headers: in any case; of a repeated name one value.
    public init(status: Int, headers: [String: String], body: Data) {
        self.status = status
        self.headers = [String: String](headers.map { ($0.lowercased(), $1) }) { first, _ in first }
        self.body = body
    }

    /// The value of a header field, whatever its case.
    public func header(_ name: String) -> String? { headers[name.lowercased()] }

    public var description: String { "<\(status) response>" }
}

/// Why no answer came.
public struct TransportError: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// No connection.
        case unreachable
        /// A connection, but no TLS that can be trusted.
        case untrusted
        /// The connection broke.
        case interrupted
        case timedOut
        case cancelled
        /// The answer is longer than the transport takes.
        case answerTooLong
    }

    public var kind: Kind
    /// Whether the server may have got the request, whole or in part. Only a request that cannot have arrived is sent
    /// again if it must not arrive twice: where in doubt, true.
    public var mayHaveArrived: Bool

    public init(_ kind: Kind, mayHaveArrived: Bool) {
        self.kind = kind
        self.mayHaveArrived = mayHaveArrived
    }
}
