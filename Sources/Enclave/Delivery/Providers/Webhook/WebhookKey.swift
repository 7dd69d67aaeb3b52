import Crypto
import EnclaveLink

/// A secret of Standard Webhooks 1.0. It prints nothing of itself.
struct WebhookKey: Equatable, Sendable, Redacted {
    private let bytes: [UInt8]

    /// Nil for a text that is not `whsec_` and 24 to 64 bytes in base64.
    init?(_ text: String) {
        let prefix = "whsec_"
        guard text.hasPrefix(prefix), let bytes = PlainBase64.decode(String(text.dropFirst(prefix.count))),
            24...64 ~= bytes.count
        else { return nil }
        self.bytes = bytes
    }

    var symmetricKey: SymmetricKey { SymmetricKey(data: bytes) }

    var description: String { "<webhook key>" }
}
