/// Has the enclave read what a provider reports of its messages: the secrets that its signature is checked with are in
/// there.
public struct ReadDeliveryReports: EnclaveRequest {
    public typealias Reply = DeliveryReportsReading
    public static let kind = RequestKind.readDeliveryReports

    /// The provider that the request claims to be from, as the greeting names it.
    public var provider: String
    public var method: String
    /// The address as the provider was told it, query included: some sign it.
    public var url: String
    public var headers: [ReportHeader]
    public var body: [UInt8]

    /// Header fields, at most.
    public static let headerLimit = 64
    /// Bytes of a body, at most.
    public static let bodyLimit = 65_536

    public init(provider: String, method: String, url: String, headers: [ReportHeader], body: [UInt8]) {
        self.provider = provider
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// A header field of a provider's request.
public struct ReportHeader: Equatable, Sendable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

public enum DeliveryReportsReading: Equatable, Sendable {
    /// The signature is wrong or missing, or there is no such provider.
    case refused
    /// The provider signed something that reports nothing.
    case malformed
    /// The provider asks whether this address is meant for it; this text is the answer.
    case confirmation(String)
    case reports([DeliveryReport])

    /// Reports in one request, at most.
    public static let limit = 1000
}

/// What a provider says became of a message.
public struct DeliveryReport: Equatable, Sendable {
    public enum State: String, CaseIterable, Sendable {
        /// It went on to the next carrier.
        case sent
        case delivered, failed
    }

    /// The provider's own name for the message, as `DeliveryOutcome.accepted` told it.
    public var message: String
    public var state: State
    /// The provider's own word or number for a failure, at most 32 printable ASCII characters; else empty.
    public var reason: String
    /// Unix milliseconds, nil where the provider does not say.
    public var time: Int64?

    public init(message: String, state: State, reason: String, time: Int64?) {
        self.message = message
        self.state = state
        self.reason = reason
        self.time = time
    }
}
