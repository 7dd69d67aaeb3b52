import Crypto
import JOSE

/// 256 random bits that a browser keeps for the page. A form carries what only somebody can compute who has them: a form
/// on another site does not, though the browser would send it along with everything else (OWASP ASVS 5.0, 3.5.1).
struct BrowserSecret: Sendable {
    /// As the cookie has it.
    let text: String
    private let bytes: [UInt8]

    /// Nil for a text that is none of ours.
    init?(_ text: String) {
        guard let bytes = try? Base64URL.decode(text), bytes.count == 32 else { return nil }
        self.text = text
        self.bytes = bytes
    }

    /// A fresh one.
    init() {
        bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        text = Base64URL.encode(bytes)
    }

    /// The token of a form about one request, shown to whoever is let in with `session`; nil for nobody.
    func formToken(for permission: String, session: String?) -> String {
        Base64URL.encode(Array(HMAC<SHA256>.authenticationCode(for: Self.message(permission, session), using: key)))
    }

    /// Whether a form brought its token. Compared in constant time.
    func accepts(_ token: String, for permission: String, session: String?) -> Bool {
        guard let bytes = try? Base64URL.decode(token) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            bytes, authenticating: Self.message(permission, session), using: key)
    }

    private var key: SymmetricKey { SymmetricKey(data: bytes) }

    private static func message(_ permission: String, _ session: String?) -> [UInt8] {
        Array("approval form\n\(permission)\n\(session ?? "")".utf8)
    }
}
