import JOSE
import SealedPasscodes
import Testing

@Suite("proofs of possession")
struct PossessionProofTests {
    private static let address = "https://id.example.com/v1/sessions"
    private static let now: Int64 = 1_800_000_000
    private let client = TestKey()
    private let key: P256PublicKey

    init() throws { key = try client.publicKey }

    private func proof(
        method: String = "POST", address: String = Self.address, token: String? = "token", issuedAt: Int64 = Self.now
    ) throws -> String {
        let input = PossessionProof.signingInput(
            key: key, method: method, address: address, token: token, identifier: "id-1", issuedAt: issuedAt)
        return JSONWebSignature.assemble(signingInput: input, signature: try client.raw(input))
    }

    private func check(
        _ proof: String, method: String = "POST", addresses: [String] = [Self.address], token: String? = "token",
        now: Int64 = Self.now
    ) throws {
        try PossessionProof(proof).check(.init(method: method, addresses: addresses, token: token), now: now)
    }

    /// A rightly signed proof with these very texts.
    private func compact(
        header: String? = nil, claims: String = #"{"jti":"1","htm":"GET","htu":"https://a/","iat":1}"#
    ) throws -> String {
        try client.compact(
            header: header ?? #"{"typ":"dpop+jwt","alg":"ES256","jwk":\#(key.jsonWebKey)}"#, payload: claims)
    }

    @Test("a proof says key, name and time, and counts for its request")
    func counts() throws {
        let proof = try PossessionProof(proof())
        #expect(proof.key == key && proof.identifier == "id-1" && proof.issuedAt == Self.now)
        try check(self.proof())
        try check(self.proof(token: nil), token: nil)
    }

    @Test("a proof for another method, address or token is refused, each by its name")
    func otherRequest() throws {
        #expect(throws: SealedPasscodeError(.wrongMethod)) { try check(proof(), method: "GET") }
        #expect(throws: SealedPasscodeError(.wrongMethod)) { try check(proof(method: "post")) }
        for address in [
            "https://id.example.com/v1/session", "https://id.example.com/V1/sessions",
            "http://id.example.com/v1/sessions", "https://evil.example.com/v1/sessions",
            "https://id.example.com.evil/v1/sessions", "https://id.example.com/v1/sessions/", "",
        ] {
            #expect(throws: SealedPasscodeError(.wrongAddress)) { try check(proof(address: address)) }
        }
        #expect(throws: SealedPasscodeError(.wrongAddress)) { try check(proof(), addresses: []) }
        #expect(throws: SealedPasscodeError(.wrongToken)) { try check(proof(token: "other")) }
        #expect(throws: SealedPasscodeError(.wrongToken)) { try check(proof(token: nil)) }
        #expect(throws: SealedPasscodeError(.wrongToken)) { try check(proof(), token: nil) }
    }

    @Test("query and fragment do not count, nor the case of scheme and host")
    func comparableAddress() throws {
        try check(proof(address: "HTTPS://ID.example.com/v1/sessions?a=b#c"))
        try check(proof(), addresses: ["https://other/", Self.address + "?x"])
    }

    @Test("a proof is good for a minute before and after its time, and not a second longer")
    func window() throws {
        try check(proof(), now: Self.now + 60)
        try check(proof(), now: Self.now - 60)
        #expect(throws: SealedPasscodeError(.expired)) { try check(proof(), now: Self.now + 61) }
        #expect(throws: SealedPasscodeError(.expired)) { try check(proof(), now: Self.now - 61) }
        for extreme in [Int64.min, .max] {
            #expect(throws: SealedPasscodeError(.expired)) { try check(proof(issuedAt: extreme)) }
        }
    }

    @Test("a proof signed by another key than the one in it is refused, and a DER signature")
    func signature() throws {
        let input = PossessionProof.signingInput(
            key: key, method: "POST", address: Self.address, token: nil, identifier: "1", issuedAt: Self.now)
        for signature in [try TestKey().raw(input), try client.der(input), try client.raw(input + [0]), []] {
            #expect(throws: SealedPasscodeError(.signatureInvalid)) {
                try PossessionProof(JSONWebSignature.assemble(signingInput: input, signature: signature))
            }
        }
    }

    @Test("another type, algorithm, curve, a private or missing key or a critical header is refused")
    func header() throws {
        let jwk = key.jsonWebKey
        for header in [
            #"{"typ":"JWT","alg":"ES256","jwk":\#(jwk)}"#, #"{"alg":"ES256","jwk":\#(jwk)}"#,
            #"{"typ":"dpop+jwt","alg":"none","jwk":\#(jwk)}"#, #"{"typ":"dpop+jwt","alg":"HS256","jwk":\#(jwk)}"#,
            #"{"typ":"dpop+jwt","alg":"ES256"}"#, #"{"typ":"dpop+jwt","alg":"ES256","jwk":"\#(key.thumbprint)"}"#,
            #"{"typ":"dpop+jwt","alg":"ES256","jwk":\#(jwk),"crit":["b64"]}"#,
            #"{"typ":"dpop+jwt","alg":"ES256","jwk":\#(jwk.replacing("P-256", with: "P-384"))}"#,
            #"{"typ":"dpop+jwt","alg":"ES256","jwk":\#(jwk.replacing("{", with: #"{"d":"AA","#))}"#,
            "[]", "x",
        ] {
            #expect(throws: SealedPasscodeError(.malformedProof)) { try PossessionProof(compact(header: header)) }
        }
    }

    @Test("claims that are missing or of another type are refused")
    func claims() throws {
        for claims in [
            "{}", #"{"htm":"GET","htu":"https://a/","iat":1}"#, #"{"jti":"","htm":"GET","htu":"https://a/","iat":1}"#,
            #"{"jti":1,"htm":"GET","htu":"https://a/","iat":1}"#, #"{"jti":"1","htu":"https://a/","iat":1}"#,
            #"{"jti":"1","htm":"GET","iat":1}"#, #"{"jti":"1","htm":"GET","htu":"https://a/"}"#,
            #"{"jti":"1","htm":"GET","htu":"https://a/","iat":"1"}"#,
            #"{"jti":"1","htm":"GET","htu":"https://a/","iat":1.5}"#,
            #"{"jti":"\#(String(repeating: "x", count: 129))","htm":"GET","htu":"https://a/","iat":1}"#,
        ] {
            #expect(throws: SealedPasscodeError(.malformedProof)) { try PossessionProof(compact(claims: claims)) }
        }
        #expect(try PossessionProof(compact()).identifier == "1")
    }

    @Test("what is no compact signature of reasonable length is refused")
    func form() throws {
        let whole = try proof()
        for text in ["", "..", whole + ".", "." + whole, whole + "=", String(whole.drop { $0 != "." })] {
            #expect(throws: SealedPasscodeError(.malformedProof)) { try PossessionProof(text) }
        }
        let long = #"{"jti":"1","htm":"GET","htu":"\#(String(repeating: "a", count: 4096))","iat":1}"#
        #expect(throws: SealedPasscodeError(.malformedProof)) { try PossessionProof(compact(claims: long)) }
    }
}
