import Encodings
import EnclaveLink
import JOSE
import Testing

@testable import Enclave

@Suite("checking verification tokens")
struct TokenCheckTests {
    private let bench: TokenBench

    init() throws { bench = try TokenBench() }

    private func fault(
        _ token: String, in scope: TokenScope = TokenBench.scope(), now: EnclaveInstant = TokenBench.now
    ) -> TokenFault? {
        do throws(TokenFault) {
            _ = try bench.verify(token, in: scope, now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("a good token says contact, key, name and end", arguments: SealedFlow.allCases)
    func good(flow: SealedFlow) throws {
        let client = try bench.verify(bench.token(flow), in: TokenBench.scope(flow))
        let expected = VerifiedClient(
            token: "token-1", contact: ContactAddress(kind: .phone, value: "+919876543210"), key: bench.client.key,
            expiresAt: TokenBench.now.unixMilliseconds + 3_600_000)
        #expect(client == expected)
    }

    @Test("a token is over at its end, by the enclave's clock, to the millisecond", arguments: SealedFlow.allCases)
    func expiry(flow: SealedFlow) throws {
        let token = try bench.token(flow)
        var later = TokenBench.now
        later.unixMilliseconds += 3_599_999
        #expect(fault(token, in: TokenBench.scope(flow), now: later) == nil)
        later.unixMilliseconds += 1
        #expect(fault(token, in: TokenBench.scope(flow), now: later) == .tokenExpired)
    }

    @Test("no key but the flow's and mode's own counts", arguments: SealedWay.all)
    func otherKeys(way: SealedWay) throws {
        let scope = TokenBench.scope(way.flow, mode: way.mode)
        for purpose in SigningKeyPurpose.allCases {
            let key = try bench.key(purpose)
            let header =
                way.flow == .turnkey
                ? try bench.header(.turnkey)
                : #"{"typ":"verification+jwt","alg":"ES256","kid":"\#(key.identifier)"}"#
            let token = try bench.token(way.flow, header: header, signedBy: purpose)
            #expect(
                fault(token, in: scope) == (purpose == way.flow.verificationPurpose(way.mode) ? nil : .tokenSignature))
        }
    }

    @Test(
        "a token by a key that rotated out counts while the key is loaded, and no longer",
        arguments: SealedFlow.allCases)
    func rotation(flow: SealedFlow) throws {
        let scope = TokenBench.scope(flow)
        let token = try bench.token(flow)
        for _ in 0..<3 { _ = try bench.addKey(flow.verificationPurpose(.live)) }
        #expect(fault(token, in: scope) == nil)
        let key = try bench.key(flow.verificationPurpose(.live))
        _ = try bench.ring.forget(ForgetSigningKey(keyIdentifier: key.identifier))
        #expect(fault(token, in: scope) == .tokenSignature)
    }

    @Test("what the same key signed for another purpose is no verification token")
    func otherTypes() throws {
        for type in ["target+jwt", "key-endorsement+jwt", "verification+jwt", "session+jwt", "identity+jwt", ""] {
            #expect(try fault(bench.token(.turnkey, header: bench.header(.turnkey, type: type))) == .tokenMalformed)
        }
        for type in ["session+jwt", "identity+jwt", "target+jwt", "JWT", ""] {
            let token = try bench.token(.countersign, header: bench.header(.countersign, type: type))
            #expect(fault(token, in: TokenBench.scope(.countersign)) == .tokenMalformed)
        }
    }

    @Test("a token of one flow is none of the other, even under the other's key")
    func otherFlow() throws {
        let ours = try bench.token(
            .turnkey, header: bench.header(.turnkey), payload: bench.payload(.countersign))
        #expect(fault(ours) == .tokenMalformed)
        let theirs = try bench.token(.countersign, payload: bench.payload(.turnkey))
        #expect(fault(theirs, in: TokenBench.scope(.countersign)) == .tokenMalformed)
    }

    @Test("another algorithm or a critical header is refused", arguments: SealedFlow.allCases)
    func headers(flow: SealedFlow) throws {
        for header in [
            try bench.header(flow, algorithm: "none"), try bench.header(flow, algorithm: "HS256"),
            try bench.header(flow, algorithm: "RS256"), try bench.header(flow, algorithm: "es256"),
            try bench.header(flow, more: #","crit":["b64"],"b64":false"#), "{}", "[]", "x",
            try bench.header(flow, more: #","alg":"ES256""#),
        ] {
            #expect(try fault(bench.token(flow, header: header), in: TokenBench.scope(flow)) == .tokenMalformed)
        }
    }

    @Test("a token that was cut, padded, re-encoded or changed in any part is refused", arguments: SealedFlow.allCases)
    func damaged(flow: SealedFlow) throws {
        let scope = TokenBench.scope(flow)
        let token = try bench.token(flow)
        let parts = token.split(separator: ".").map(String.init)
        for text in [
            "", ".", "..", "a.b", "\(parts[0]).\(parts[1])", ".\(parts[1]).\(parts[2])", token + ".", token + "=",
            token + "a", " " + token, token.replacing(".", with: ","),
        ] {
            #expect(fault(text, in: scope) == .tokenMalformed, "\(text)")
        }
        let input = Array("\(parts[0]).\(parts[1])".utf8)
        let key = try bench.key(flow.verificationPurpose(.live))
        let signature = try key.sign(input)
        var flipped = signature
        flipped[40] ^= 1
        let moved = Array(
            try JSONWebSignature.signingInput(header: bench.header(flow), payload: bench.payload(flow) + " "))
        for (input, signature) in [
            (input, try key.signDER(input)), (input, Array(signature.dropLast())), (input, signature + [0]),
            (input, flipped), (input, []), (moved, signature),
        ] {
            let text = JSONWebSignature.assemble(signingInput: input, signature: signature)
            #expect(fault(text, in: scope) == .tokenSignature)
        }
    }

    @Test("a Turnkey token needs each claim, as a text")
    func turnkeyClaims() throws {
        let payload = bench.payload(.turnkey)
        let key = bench.client.key
        for name in ["exp", "id", "organization_id", "verification_type", "contact", "public_key"] {
            let missing = payload.replacing("\"\(name)\"", with: "\"other\"")
            #expect(try fault(bench.token(.turnkey, payload: missing)) == .tokenMalformed)
        }
        let exp = TokenBench.now.unixMilliseconds + 3_600_000
        for (part, changed) in [
            ("\"\(exp)\"", "\(exp)"), ("\"\(exp)\"", "\"soon\""),
            (key.compressedHexadecimal, key.uncompressedHexadecimal),
            (key.compressedHexadecimal, String(key.compressedHexadecimal.dropLast())),
        ] {
            let token = try bench.token(.turnkey, payload: payload.replacing(part, with: changed))
            #expect(fault(token) == .tokenMalformed)
        }
        #expect(try fault(bench.token(.turnkey, payload: "[]")) == .tokenMalformed)
        #expect(try fault(bench.token(.turnkey, payload: payload + payload)) == .tokenMalformed)
    }

    @Test("our own token needs each claim that is read back")
    func ownClaims() throws {
        let scope = TokenBench.scope(.countersign)
        let payload = bench.payload(.countersign)
        for (part, changed) in [
            ("\"iss\"", "\"i\""), ("\"aud\"", "\"a\""), ("\"jti\"", "\"j\""), ("\"exp\"", "\"e\""),
            ("\"phone\"", "\"fax\""), ("\"cnf\"", "\"c\""), ("\"jwk\"", "\"k\""), ("P-256", "P-384"),
        ] {
            let changed = payload.replacing(part, with: changed)
            #expect(changed != payload)
            #expect(try fault(bench.token(.countersign, payload: changed), in: scope) == .tokenMalformed)
        }
    }

    @Test("a token of another organization, workspace or issuer is foreign")
    func foreign() throws {
        var scope = TokenBench.scope()
        scope.organization = "org-2"
        #expect(try fault(bench.token(.turnkey), in: scope) == .tokenForeign)
        scope = TokenBench.scope(.countersign)
        scope.workspace = "ws_2"
        #expect(try fault(bench.token(.countersign), in: scope) == .tokenForeign)
        scope = TokenBench.scope(.countersign)
        scope.issuer = "https://other.example.com"
        #expect(try fault(bench.token(.countersign), in: scope) == .tokenForeign)
    }
}
