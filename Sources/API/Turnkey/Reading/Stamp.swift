import Encodings
import EnclaveLink
import HTTPServer
import JOSE
import SealedPasscodes

/// A signature over the exact bytes of a request's body, in a header.
struct Stamp: Sendable {
    /// The body, signed; its signature holds.
    let signed: SignedMessage
    /// With an attested stamp, the verification token that speaks for the key.
    let attestation: VerificationToken?

    var key: P256PublicKey { signed.key }

    /// The two kinds of stamp.
    private enum Kind: String {
        case plain = "X-Stamp"
        case attested = "X-Stamp-Attested"

        var scheme: String {
            switch self {
            case .plain: "SIGNATURE_SCHEME_TK_API_P256"
            case .attested: "STAMP_ATTESTED_SCHEME_P256_VERIFICATION_TOKEN"
            }
        }
    }

    private static let maximumLength = 8192

    /// Reads the request's one stamp and checks its signature. Whose key it is, is for others to find out.
    /// Throws `stampMissing`, `malformedStamp`, `stampSignature`.
    init(_ request: Request) throws(TurnkeyError) {
        let plain = request.headers.values(Kind.plain.rawValue)
        let attested = request.headers.values(Kind.attested.rawValue)
        guard let header = plain.first ?? attested.first else { throw .stampMissing }
        guard plain.count + attested.count == 1 else { throw .malformedStamp("it comes twice") }
        try self.init(header, plain.isEmpty ? .attested : .plain, over: request.bodyBytes)
    }

    private init(_ header: String, _ kind: Kind, over body: [UInt8]) throws(TurnkeyError) {
        let object = try Self.object(header)
        func text(_ name: String) throws(TurnkeyError) -> String {
            guard let text = object[name]?.text else { throw .malformedStamp("\(name) is missing") }
            return text
        }
        guard try text("scheme") == kind.scheme else { throw .malformedStamp("scheme must be \(kind.scheme)") }
        guard let signature = Hexadecimal.decode(try text("signature")), !signature.isEmpty else {
            throw .malformedStamp("signature must be DER in hexadecimal")
        }
        signed = SignedMessage(
            key: try Self.key(try text("publicKey")), message: body, signature: signature, encoding: .der)
        attestation = kind == .attested ? VerificationToken(try text("publicKeyAttestation")) : nil
        guard signed.isSigned else { throw .stampSignature }
    }

    private static func object(_ header: String) throws(TurnkeyError) -> JSONValue {
        guard header.utf8.count <= maximumLength else { throw .malformedStamp("it is too long") }
        guard let bytes = try? Base64URL.decode(header) else {
            throw .malformedStamp("it must be base64url without padding")
        }
        guard let object = try? JSONValue(parsing: bytes), object.members != nil else {
            throw .malformedStamp("it must hold a JSON object")
        }
        return object
    }

    private static func key(_ text: String) throws(TurnkeyError) -> P256PublicKey {
        do {
            return try P256PublicKey(compressedHexadecimal: text)
        } catch {
            let rule =
                error.code == .uncompressedPoint
                ? "publicKey is uncompressed; send the compressed key, 66 hexadecimal digits"
                : "publicKey is no public key of P-256 in hexadecimal"
            throw .malformedStamp(rule)
        }
    }
}
