import Crypto
import EnclaveLink

/// A message with the headers that prove whose it is (Standard Webhooks 1.0).
struct SignedWebhook: Sendable {
    private static let version = "v1,"

    let address: HTTPSAddress
    let message: String
    let timestamp: Int64
    /// `v1,` and a signature in base64 for each secret, with spaces between them.
    let signatures: String
    let body: [UInt8]

    /// - Parameters:
    ///   - message: its name; without a dot, which would let what is signed be read in two ways.
    ///   - timestamp: Unix time in seconds.
    ///   - keys: the secrets in force, newest first.
    init(message: String, timestamp: Int64, body: [UInt8], to address: HTTPSAddress, keys: [SymmetricKey]) {
        self.address = address
        self.message = message
        self.timestamp = timestamp
        self.body = body
        let content = Self.content(message, timestamp, body)
        signatures = keys.map {
            Self.version + PlainBase64.encode(Array(HMAC<SHA256>.authenticationCode(for: content, using: $0)))
        }
        .joined(separator: " ")
    }

    /// The message as it is posted.
    var request: HTTPSRequest {
        HTTPSRequest(
            path: address.path,
            headers: [
                "Content-Type: application/json", "webhook-id: \(message)", "webhook-timestamp: \(timestamp)",
                "webhook-signature: \(signatures)",
            ], body: body)
    }

    /// True if the signature is one that the key makes of such a message. Takes a time that does not depend on the
    /// signature.
    static func isProven(
        _ signature: String, message: String, timestamp: Int64, body: [UInt8], key: SymmetricKey
    ) -> Bool {
        guard signature.hasPrefix(version), let code = PlainBase64.decode(String(signature.dropFirst(version.count)))
        else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            code, authenticating: content(message, timestamp, body), using: key)
    }

    private static func content(_ message: String, _ timestamp: Int64, _ body: [UInt8]) -> [UInt8] {
        Array("\(message).\(timestamp).".utf8) + body
    }
}

extension SignedWebhook {
    /// - Parameter keys: the secrets in force, newest first.
    init(_ request: DeliverWebhook, to address: HTTPSAddress, keys: [SymmetricKey]) {
        self.init(
            message: request.message, timestamp: request.timestamp, body: Array(request.body.utf8), to: address,
            keys: keys)
    }
}
