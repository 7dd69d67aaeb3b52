import Crypto
import EnclaveLink

/// A message with the headers that prove whose it is (Standard Webhooks 1.0).
struct SignedWebhook: Sendable {
    let address: HTTPSAddress
    let message: String
    let timestamp: Int64
    /// `v1,` and a signature in base64 for each secret, with spaces between them.
    let signatures: String
    let body: [UInt8]

    /// - Parameter keys: the secrets in force, newest first.
    init(_ request: DeliverWebhook, to address: HTTPSAddress, keys: [SymmetricKey]) {
        self.address = address
        message = request.message
        timestamp = request.timestamp
        let content = Array(request.body.utf8)
        let signed = Array("\(request.message).\(request.timestamp).".utf8) + content
        signatures = keys.map {
            "v1," + PlainBase64.encode(Array(HMAC<SHA256>.authenticationCode(for: signed, using: $0)))
        }
        .joined(separator: " ")
        body = content
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
}
