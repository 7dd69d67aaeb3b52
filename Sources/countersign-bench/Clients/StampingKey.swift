import Crypto
import Encodings
import JOSE
import SealedPasscodes

/// A P-256 key that signs as a back end or a client of the Turnkey dialect does.
struct StampingKey {
    private let key = P256.Signing.PrivateKey()
    let publicKey: P256PublicKey

    init() throws(BenchmarkError) {
        do {
            publicKey = try P256PublicKey(point: Array(key.publicKey.x963Representation))
        } catch {
            throw BenchmarkError("a fresh key is no point: \(error)")
        }
    }

    /// The value of `X-Stamp` for a body.
    func stamp(_ body: String) throws(BenchmarkError) -> String {
        let signature = Hexadecimal.encode(Array(try sign(body).derRepresentation))
        let stamp = """
            {"publicKey":"\(publicKey.compressedHexadecimal)","scheme":"SIGNATURE_SCHEME_TK_API_P256",\
            "signature":"\(signature)"}
            """
        return Base64URL.encode(Array(stamp.utf8))
    }

    /// What a verification token's key may be asked to sign.
    enum Use {
        case signUp
        /// Opens a session for the same key.
        case logIn
    }

    /// The `clientSignature` of this key, which `token` is bound to.
    func clientSignature(_ use: Use, token: String) throws(BenchmarkError) -> String {
        let key = publicKey.compressedHexadecimal
        let identifier = JSONText.quoted(try Self.identifier(of: token))
        let message =
            switch use {
            case .signUp: #"{"signupV2":{},"tokenId":\#(identifier),"type":"USAGE_TYPE_SIGNUP"}"#
            case .logIn: #"{"login":{"publicKey":"\#(key)"},"tokenId":\#(identifier),"type":"USAGE_TYPE_LOGIN"}"#
            }
        let signature = Hexadecimal.encode(Array(try sign(message).rawRepresentation))
        return """
            {"publicKey":"\(key)","scheme":"CLIENT_SIGNATURE_SCHEME_API_P256",\
            "message":\(JSONText.quoted(message)),"signature":"\(signature)"}
            """
    }

    private static func identifier(of token: String) throws(BenchmarkError) -> String {
        let parts = Array(token.utf8).split(separator: UInt8(ascii: "."))
        guard parts.count == 3, let payload = try? Base64URL.decode(parts[1]),
            let claims = try? JSONValue(parsing: payload), let identifier = claims["id"]?.text
        else { throw BenchmarkError("a verification token has no id") }
        return identifier
    }

    private func sign(_ text: String) throws(BenchmarkError) -> P256.Signing.ECDSASignature {
        do {
            return try key.signature(for: SHA256.hash(data: Array(text.utf8)))
        } catch {
            throw BenchmarkError("a signature cannot be made: \(error)")
        }
    }
}
