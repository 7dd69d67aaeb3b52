import EnclaveLink
import JOSE
import SealedPasscodes
import Testing

@testable import Enclave

@Suite("sign-ups")
struct SignUpTests {
    private static let good = #"{"signupV2":{"userName":"A"},"tokenId":"token-1","type":"USAGE_TYPE_SIGNUP"}"#
    private let bench: TokenBench

    init() throws { bench = try TokenBench() }

    private func fault(_ message: SignedMessage) throws -> TokenFault? {
        let client = try bench.verify(bench.token(.turnkey))
        do throws(TokenFault) {
            try client.check(signUp: message, in: TokenBench.scope())
            return nil
        } catch {
            return error
        }
    }

    @Test("a sign-up that the token's key signed counts, whatever the order of its members")
    func counts() throws {
        #expect(try fault(bench.client.message(Self.good)) == nil)
        let turned = #"{ "type":"USAGE_TYPE_SIGNUP", "tokenId":"token-1", "new":1, "signupV2":{}}"#
        #expect(try fault(bench.client.message(turned)) == nil)
    }

    @Test("newer clients' sign-up counts for the organization that it names, and for no other")
    func newer() throws {
        let text = #"{"signupV3":{"parentOrganizationId":"org-1"},"tokenId":"token-1","type":"USAGE_TYPE_SIGNUP"}"#
        #expect(try fault(bench.client.message(text)) == nil)
        #expect(try fault(bench.client.message(text.replacing("org-1", with: "org-2"))) == .proofForeign)
        let unnamed = text.replacing("parentOrganizationId", with: "organizationId")
        #expect(try fault(bench.client.message(unnamed)) == .proofMalformed)
    }

    @Test("another key's sign-up does not count, under its own name or the token's")
    func otherKey() throws {
        var message = try SealedClient().message(Self.good)
        #expect(try fault(message) == .otherKey)
        message.key = bench.client.key
        #expect(try fault(message) == .proofSignature)
    }

    @Test("the signature is over the received bytes, in its own encoding")
    func signature() throws {
        let good = try bench.client.message(Self.good)
        var changed = good
        changed.message += [32]
        #expect(try fault(changed) == .proofSignature)
        changed = good
        changed.encoding = .der
        #expect(try fault(changed) == .proofSignature)
        changed.signature = try bench.client.der(good.message)
        #expect(try fault(changed) == nil)
        changed.encoding = .raw
        #expect(try fault(changed) == .proofSignature)
        for signature in [[], Array(good.signature.dropLast()), good.signature + [0]] {
            changed = good
            changed.signature = signature
            #expect(try fault(changed) == .proofSignature)
        }
    }

    @Test("a signed message for another token or use is foreign, and what is no sign-up is malformed")
    func content() throws {
        for (text, expected) in [
            (Self.good.replacing("token-1", with: "token-2"), .proofForeign),
            (Self.good.replacing("USAGE_TYPE_SIGNUP", with: "USAGE_TYPE_LOGIN"), .proofForeign),
            (Self.good.replacing("signupV2", with: "login"), .proofMalformed),
            (Self.good.replacing("tokenId", with: "token"), .proofMalformed),
            (Self.good.replacing(#"{"userName":"A"}"#, with: "1"), .proofMalformed),
            (Self.good.replacing(#""token-1""#, with: "1"), .proofMalformed), ("", .proofMalformed),
            ("[]", .proofMalformed), (Self.good + "x", .proofMalformed),
            (Self.good.dropLast() + #","tokenId":"token-1"}"#, .proofMalformed),
        ] as [(String, TokenFault)] {
            #expect(try fault(bench.client.message(text)) == expected, "\(text)")
        }
    }

    @Test("the enclave answers with the fault, the token's before the message's")
    func overTheLink() async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        let token = try await subject.token(subject.make(), for: client)
        func finding(_ message: SignedMessage, _ scope: TokenScope) async throws -> VerificationTokenFinding {
            try await subject.enclave.call(CheckVerificationToken(token: token, scope: scope, signUp: message))
        }
        guard case .good = try await finding(client.message(Self.good), subject.scope()) else {
            Issue.record("refused")
            return
        }
        let wrong = try SealedClient().message(Self.good)
        #expect(try await finding(wrong, subject.scope()) == .refused(.otherKey))
        #expect(try await finding(wrong, subject.scope(workspace: "ws_2")) == .refused(.tokenForeign))
        #expect(try await finding(wrong, subject.scope(mode: .test)) == .refused(.tokenSignature))
        #expect(try await finding(wrong, subject.scope(.countersign)) == .refused(.tokenSignature))
        subject.clock.advance(seconds: 3600)
        #expect(try await finding(client.message(Self.good), subject.scope()) == .refused(.tokenExpired))
    }
}
