import Crypto
import Enclave
import EnclaveLink
import Foundation

extension DeliveredWebhook {
    /// The signature that this secret makes, written from the specification of Standard Webhooks: what a receiver
    /// compares with.
    public func signature(by secret: WebhookSecretText) -> String {
        guard let key = Data(base64Encoded: String(secret.value.dropFirst("whsec_".count))) else { return "no secret" }
        let signed = Data("\(message).\(timestamp).\(body)".utf8)
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
        return "v1,\(Data(code).base64EncodedString())"
    }
}
