import Encodings
import EnclaveLink
import SealedPasscodes
import Testing

@Suite("proofs at login")
struct LoginProofTests {
    @Test("each of the Turnkey styles counts, whatever the order of members")
    func counts() async throws {
        let bench = try await LoginBench(.turnkey)
        #expect(try await bench.fault(.message(bench.client.message(bench.messageText))) == nil)
        #expect(try await bench.fault(.stampedBody(bench.client.stamped(bench.bodyText))) == nil)
        let key = bench.session.key.compressedHexadecimal
        let turned = #"{"type":"USAGE_TYPE_LOGIN", "tokenId":"token-1","login":{"a":1,"publicKey":"\#(key)"}}"#
        #expect(try await bench.fault(.message(bench.client.message(turned))) == nil)
    }

    @Test("a proof by another key than the token's opens no session: not the session's key, not a stranger's")
    func otherKey() async throws {
        let bench = try await LoginBench(.turnkey)
        for other in [bench.session, try SealedClient()] {
            var message = try other.message(bench.messageText)
            #expect(try await bench.fault(.message(message)) == .otherKey)
            message.key = bench.client.key
            #expect(try await bench.fault(.message(message)) == .proofSignature)
            var body = try other.stamped(bench.bodyText)
            #expect(try await bench.fault(.stampedBody(body)) == .otherKey)
            body.key = bench.client.key
            #expect(try await bench.fault(.stampedBody(body)) == .proofSignature)
        }
    }

    @Test("a signature of another encoding, cut, or over other bytes opens no session")
    func signature() async throws {
        let bench = try await LoginBench(.turnkey)
        let good = try bench.client.stamped(bench.bodyText)
        for (message, signature) in [
            (good.message, try bench.client.raw(good.message)), (good.message, Array(good.signature.dropLast())),
            (good.message, good.signature + [0]), (good.message, []), (good.message + [10], good.signature),
        ] {
            let changed = SignedMessage(key: good.key, message: message, signature: signature, encoding: .der)
            #expect(try await bench.fault(.stampedBody(changed)) == .proofSignature)
        }
    }

    @Test("a message for another token, use or session key is foreign, and what is none is malformed")
    func message() async throws {
        let bench = try await LoginBench(.turnkey)
        let text = bench.messageText
        let key = bench.session.key.compressedHexadecimal
        for (text, expected) in [
            (text.replacing("token-1", with: "token-2"), .proofForeign),
            (text.replacing("USAGE_TYPE_LOGIN", with: "USAGE_TYPE_SIGNUP"), .proofForeign),
            (text.replacing(key, with: bench.client.key.compressedHexadecimal), .proofForeign),
            (text.replacing(key, with: String(key.dropLast())), .proofMalformed),
            (text.replacing(key, with: ""), .proofMalformed), (text.replacing("login", with: "l"), .proofMalformed),
            (text.replacing("publicKey", with: "key"), .proofMalformed), ("[]", .proofMalformed), ("", .proofMalformed),
            (bench.bodyText, .proofMalformed),
        ] as [(String, TokenFault)] {
            #expect(try await bench.fault(.message(bench.client.message(text))) == expected, "\(text)")
        }
    }

    @Test("newer clients' messages count in the organization that they name, and for no longer than they say")
    func newerMessage() async throws {
        let bench = try await LoginBench(.turnkey)
        let key = bench.session.key.compressedHexadecimal
        for (usage, expected) in [
            (#"{"organizationId":"org-of-ws_1","publicKey":"\#(key)"}"#, nil),
            (#"{"organizationId":"org-of-ws_1","publicKey":"\#(key)","expirationSeconds":"900"}"#, nil),
            (#"{"organizationId":"org-of-ws_1","publicKey":"\#(key)","expirationSeconds":"899"}"#, .proofForeign),
            (#"{"organizationId":"org-of-ws_1","publicKey":"\#(key)","expirationSeconds":900}"#, .proofForeign),
            (#"{"organizationId":"org-of-ws_1","publicKey":"\#(key)","sessionProfileId":"p"}"#, .proofForeign),
            (#"{"organizationId":"org-of-ws_2","publicKey":"\#(key)"}"#, .proofForeign),
            (#"{"publicKey":"\#(key)"}"#, .proofMalformed), (#"{"organizationId":"org-of-ws_1"}"#, .proofMalformed),
        ] as [(String, TokenFault?)] {
            let text = #"{"loginV2":\#(usage),"tokenId":"token-1","type":"USAGE_TYPE_LOGIN"}"#
            #expect(try await bench.fault(.message(bench.client.message(text))) == expected, "\(usage)")
        }
    }

    @Test("a stamped body of another activity, organization or session key is foreign")
    func body() async throws {
        let bench = try await LoginBench(.turnkey)
        let text = bench.bodyText
        let key = bench.session.key.compressedHexadecimal
        for (text, expected) in [
            (text.replacing("STAMP_LOGIN", with: "OTP_LOGIN_V2"), .proofForeign),
            (text.replacing("org-of-ws_1", with: "org-of-ws_2"), .proofForeign),
            (text.replacing(key, with: bench.client.key.compressedHexadecimal), .proofForeign),
            (text.replacing("parameters", with: "p"), .proofMalformed),
            (text.replacing("organizationId", with: "o"), .proofMalformed), ("null", .proofMalformed),
            (bench.messageText, .proofMalformed),
        ] as [(String, TokenFault)] {
            #expect(try await bench.fault(.stampedBody(bench.client.stamped(text))) == expected, "\(text)")
        }
    }

    @Test("a session key counts in either spelling: the point is compared, not the text")
    func spellings() async throws {
        let bench = try await LoginBench(.turnkey)
        let key = bench.session.key
        for spelling in [key.uncompressedHexadecimal, key.compressedHexadecimal.uppercased()] {
            let text = bench.messageText.replacing(key.compressedHexadecimal, with: spelling)
            #expect(try await bench.fault(.message(bench.client.message(text))) == nil)
        }
    }

    @Test("in our own flow the proof is DPoP by the token's key, for this request, this token, this minute")
    func possession() async throws {
        let bench = try await LoginBench(.countersign)
        #expect(try await bench.fault(bench.possession()) == nil)
        #expect(try await bench.fault(bench.possession(by: SealedClient())) == .otherKey)
        #expect(try await bench.fault(bench.possession(method: "GET")) == .proofForeign)
        #expect(try await bench.fault(bench.possession(address: "https://id.example.com/v1/other")) == .proofForeign)
        #expect(try await bench.fault(bench.possession(token: "another token")) == .proofForeign)
        #expect(try await bench.fault(bench.possession(later: 60)) == nil)
        #expect(try await bench.fault(bench.possession(later: 61)) == .proofExpired)
        #expect(try await bench.fault(bench.possession(later: -61)) == .proofExpired)
    }

    @Test("a DPoP proof that names no token, or is none, opens no session")
    func noToken() async throws {
        let bench = try await LoginBench(.countersign)
        let now = bench.subject.clock.now.unixMilliseconds / 1000
        let unnamed = try bench.client.proof(address: SealedEnclave.address, token: nil, at: now)
        func proof(_ text: String) -> LoginProof {
            .possession(text, method: "POST", addresses: [SealedEnclave.address])
        }
        #expect(try await bench.fault(proof(unnamed)) == .proofForeign)
        for text in ["", "a.b.c", bench.token.value] { #expect(try await bench.fault(proof(text)) == .proofMalformed) }
        let good = try bench.client.proof(address: SealedEnclave.address, token: bench.token.value, at: now)
        let forged = good.dropLast() + (good.hasSuffix("A") ? "Q" : "A")
        #expect([.proofSignature, .proofMalformed].contains(try await bench.fault(proof(String(forged)))))
    }

    @Test("in our own flow the session's key is the token's: no other key gets a session")
    func otherSessionKey() async throws {
        let bench = try await LoginBench(.countersign)
        var request = try bench.request(bench.possession())
        request.sessionKey = try SealedClient().key
        #expect(try await bench.subject.enclave.call(request).fault == .otherKey)
    }
}
