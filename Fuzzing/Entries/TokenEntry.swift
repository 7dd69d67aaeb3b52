import JOSE
import SealedPasscodes

/// Tokens and proofs in compact form.
///
/// Promises: only what the known key signed verifies, in one spelling, and says what it was signed for.
enum TokenEntry {
    private static let identity =
        #"{"iss":"https://id.example.com","sub":"s","aud":"ws_1","iat":1799999999,"exp":1800000600}"#
    private static let possession =
        #"{"jti":"j","htm":"POST","htu":"https://id.example.com/v1/sessions","iat":1800000000}"#

    static func run(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let signatures = JSONWebSignatureVerifier(keys: try KnownKey.keySet(), algorithms: [.es256])
        if let verified = try? signatures.verify(text) {
            let signed = [identity, possession, BundleEntry.targetPayload].contains(
                String(decoding: verified.payload, as: UTF8.self))
            try promise(signed, "a payload that nobody signed")
            try oneSpelling(text)
        }
        let tokens = IdentityTokenVerifier(
            signatures: signatures, issuer: "https://id.example.com", audience: "ws_1", type: "JWT")
        if let claims = try? tokens.verify(text, now: Double(KnownKey.now)) {
            try promise(claims.subject == "s", "claims that nobody signed")
        }
        if let proof = try? PossessionProof(text) {
            try promise(proof.key == KnownKey.point(), "a proof by a key that signed nothing")
            try oneSpelling(text)
            try proof.check(
                .init(method: "POST", addresses: ["https://id.example.com/v1/sessions"], token: nil), now: KnownKey.now)
        }
    }

    private static func oneSpelling(_ text: String) throws {
        let parts = try text.split(separator: ".", omittingEmptySubsequences: false).map { try Base64URL.decode($0) }
        try promise(parts.map { Base64URL.encode($0) }.joined(separator: ".") == text, "a second spelling verifies")
    }
}
