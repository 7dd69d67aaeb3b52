import Crypto
import Fixtures
import HTTPServer
import JOSE
import Testing
import _CryptoExtras

/// What a proof of possession and a session token look like, and what only looks like one.
@Suite("Forms of proofs")
struct PossessionFormTests {
    @Test("a proof under another algorithm counts nowhere: none, HMAC, RSA, EdDSA", arguments: ProofPlace.allCases)
    func algorithms(_ place: ProofPlace) async throws {
        let holder = try await ProofHolder(place)
        for (name, proof) in try Self.foreignProofs(of: holder) {
            try await holder.expectRefused(proof, comment: "\(name)")
        }
        try await holder.expectAccepted(holder.proof())
    }

    /// Proofs that hold for the same request, each signed as its header says.
    private static func foreignProofs(of holder: ProofHolder) throws -> [(String, String)] {
        let claims = try part(1, ofProof: holder.proof())
        let own = try part(0, ofProof: holder.proof())
        let secret = SymmetricKey(size: .bits256)
        let rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let edwards = Curve25519.Signing.PrivateKey()
        let symmetric = Base64URL.encode(secret.withUnsafeBytes { Array($0) })
        let point = Base64URL.encode(Array(edwards.publicKey.rawRepresentation))
        func made(_ header: String, _ sign: ([UInt8]) throws -> [UInt8]) throws -> String {
            let input = JSONWebSignature.signingInput(header: header, payload: claims)
            return JSONWebSignature.assemble(signingInput: input, signature: try sign(input))
        }
        return [
            ("none", try made(own.replacing("ES256", with: "none")) { _ in [] }),
            (
                "HMAC",
                try made(#"{"typ":"dpop+jwt","alg":"HS256","jwk":{"kty":"oct","k":"\#(symmetric)"}}"#) {
                    Array(HMAC<SHA256>.authenticationCode(for: $0, using: secret))
                }
            ),
            (
                "HMAC under the public key",
                try made(own.replacing("ES256", with: "HS256")) {
                    let key = SymmetricKey(data: holder.party.client.key.uncompressed)
                    return Array(HMAC<SHA256>.authenticationCode(for: $0, using: key))
                }
            ),
            (
                "RSA",
                try made(try rsaHeader(rsa)) {
                    Array(try rsa.signature(for: $0, padding: .insecurePKCS1v1_5).rawRepresentation)
                }
            ),
            (
                "EdDSA",
                try made(#"{"typ":"dpop+jwt","alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed25519","x":"\#(point)"}}"#) {
                    Array(try edwards.signature(for: $0))
                }
            ),
        ]
    }

    private static func rsaHeader(_ key: _RSA.Signing.PrivateKey) throws -> String {
        // RFC 8017 A.1.1 with a modulus of 256 bytes: it begins at the tenth byte, the exponent is the last three.
        let der = Array(key.publicKey.pkcs1DERRepresentation)
        let (n, e) = (Base64URL.encode(der[9..<265]), Base64URL.encode(der.suffix(3)))
        return #"{"typ":"dpop+jwt","alg":"RS256","jwk":{"kty":"RSA","n":"\#(n)","e":"\#(e)"}}"#
    }

    @Test("what is no DPoP proof counts nowhere: another type, a private key in it, a critical field, no id, no text")
    func malformed() async throws {
        let holder = try await ProofHolder(.me)
        let proof = try holder.proof()
        let header = try part(0, ofProof: proof)
        let claims = try part(1, ofProof: proof)
        func made(header changed: String? = nil, claims changedClaims: String? = nil) throws -> String {
            try holder.proof(header: changed ?? header, claims: changedClaims ?? claims)
        }
        try await holder.expectRefused(
            "", "a", "a.b.c", proof + ".", String(proof.dropLast(2)), proof + "AA", String(proof.dropFirst()),
            made(header: header.replacing("dpop+jwt", with: "JWT")),
            made(header: header.replacing(#"{"typ""#, with: #"{"crit":["x"],"x":1,"typ""#)),
            made(header: header.replacing(#""kty""#, with: #""d":"AAAA","kty""#)),
            made(claims: claims.replacing(#""jti""#, with: #""other""#)),
            made(claims: claims.replacing(#""iat":"#, with: #""iat":1,"old":"#)),
            made(claims: claims.replacing(#""htm":"GET""#, with: #""htm":7"#)),
            made(claims: claims.replacing(#""iat""#, with: #""htm":"GET","iat""#)),
            String(repeating: "a", count: 8_000))
        try await holder.expectAccepted(made())
    }

    @Test("a session token that is none is refused as one, and says what is wanted")
    func sessionTokens() async throws {
        let holder = try await ProofHolder(.me)
        let other = try await TestServer()
        let foreign = try await SealedParty.backEnd(other).openSession()
        let verification = try await holder.party.prove()
        let parts = holder.token.split(separator: ".").map(String.init)
        let unsigned = Base64URL.encode(Array(#"{"typ":"session+jwt","alg":"none"}"#.utf8))
        for token in [
            "", "a", "a.b.c", foreign.token, verification, String(holder.token.dropLast(4)),
            "\(unsigned).\(parts[1]).", "\(parts[0]).\(parts[1]).", "\(parts[0]).e30.\(parts[2])",
        ] {
            let answer = try await holder.party.inSession(.GET, "/v1/sessions/me", token)
            #expect(answer.status == 401 && ["invalid_token", "session_missing"].contains(answer.code), "\(token)")
            #expect(answer.headers["WWW-Authenticate"]?.hasPrefix("DPoP ") == true)
        }
        try await holder.expectAccepted(holder.proof())
    }

    @Test("a session token is no bearer token: without DPoP it opens nothing")
    func bearer() async throws {
        let holder = try await ProofHolder(.me)
        for scheme in ["Bearer", "dpop2", "Basic"] {
            let answer = await holder.party.server.call(
                .GET, holder.path,
                headers: [("Authorization", "\(scheme) \(holder.token)"), ("DPoP", try holder.proof())])
            #expect(answer.status == 401 && answer.code == "session_missing")
            #expect(answer.headers["WWW-Authenticate"] == #"DPoP algs="ES256""#)
        }
        #expect(await holder.party.server.call(.GET, holder.path).code == "session_missing")
    }

    @Test("a session ends with its time, and a token of an enclave's earlier boot is as good as one of this")
    func expiry() async throws {
        let holder = try await ProofHolder(.me)
        let server = holder.party.server
        try await server.installation.restartEnclave()
        try await holder.expectAccepted(holder.proof())
        server.installation.time.advance(seconds: 899)
        try await holder.expectAccepted(holder.proof())
        server.installation.time.advance(seconds: 1)
        let answer = try await holder.present(holder.proof())
        #expect(answer.status == 401 && answer.code == "invalid_token")
    }
}
