import Configuration
import Crypto

/// What Twilio signs of a request that it sends: the address as it was told, and each field's name and value, in the
/// order of their names. The MAC is with SHA-1, because Twilio's is; forging one would take its key all the same.
struct TwilioSignature {
    private let content: [UInt8]

    init(of fields: [FormText.Field], to address: String) {
        // A field that comes twice with the same value counts once.
        let distinct = Set(fields.map { [$0.name, $0.value] }).sorted { one, other in
            one.lexicographicallyPrecedes(other) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
        content = Array((address + distinct.joined().joined()).utf8)
    }

    /// Compares in a time that does not depend on the signature.
    func isProven(by signature: String, token: SecretText) -> Bool {
        guard let code = PlainBase64.decode(signature) else { return false }
        let key = SymmetricKey(data: Array(token.reveal().utf8))
        return HMAC<Insecure.SHA1>.isValidAuthenticationCode(code, authenticating: content, using: key)
    }
}
