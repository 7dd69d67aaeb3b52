/// Makes a signing secret for an endpoint. The host keeps it sealed, and passes the text on once.
public struct MakeWebhookSecret: EnclaveRequest {
    public typealias Reply = MadeWebhookSecret
    public static let kind = RequestKind.makeWebhookSecret

    public var workspace: String
    public var endpoint: String

    public init(workspace: String, endpoint: String) {
        self.workspace = workspace
        self.endpoint = endpoint
    }
}

public struct MadeWebhookSecret: Equatable, Sendable {
    public var sealed: SealedWebhookSecret
    public var secret: WebhookSecretText

    public init(sealed: SealedWebhookSecret, secret: WebhookSecretText) {
        self.sealed = sealed
        self.secret = secret
    }
}

/// A signing secret as only the enclave can read it. It opens for the endpoint that it was made for.
public struct SealedWebhookSecret: Equatable, Sendable {
    public let bytes: [UInt8]
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
}

/// A signing secret as its receiver needs it: `whsec_` and 32 bytes in base64 (Standard Webhooks).
public struct WebhookSecretText: Equatable, Sendable, Redacted {
    public let value: String
    public init(_ value: String) { self.value = value }
    public var description: String { "<webhook secret>" }
}
