import EnclaveLink
import SealedPasscodes
import Testing

@testable import Enclave

@Suite("attempts that come sealed")
struct SealedAttemptTests {
    @Test("a right code is a token for contact and client key, once", arguments: SealedWay.all)
    func verifies(way: SealedWay) async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        let challenge = try await subject.make(flow: way.flow, mode: way.mode)
        let outcome = try await subject.attempt(challenge, challenge.code, by: client)
        let token = try #require(outcome.token)
        let expiresAt = subject.clock.now.unixMilliseconds + 3_600_000
        #expect(outcome == .verified(token, expiresAt: expiresAt))
        let finding = try await subject.enclave.call(
            CheckVerificationToken(token: token, scope: subject.scope(way.flow, mode: way.mode), signUp: nil))
        let expected = VerifiedClient(
            token: "token-1", contact: SealedEnclave.contact, key: client.key, expiresAt: expiresAt)
        #expect(finding == .good(expected))
        #expect(try await subject.attempt(challenge, challenge.code, by: client) == .spent)
    }

    @Test("of many right attempts at the same time one gets the token", arguments: SealedFlow.allCases)
    func once(flow: SealedFlow) async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        let challenge = try await subject.make(flow: flow)
        let outcomes = try await AttemptTests.parallel(40) {
            try await subject.attempt(challenge, challenge.code, by: client)
        }
        #expect(outcomes.filter { $0.token != nil }.count == 1)
        #expect(outcomes.allSatisfy { $0.token != nil || $0 == .spent || $0 == .locked })
    }

    @Test("the third attempt may be the right one; after three wrong ones the right code finds the challenge locked")
    func limit() async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        for (name, wrongs) in [("ch_2", 2), ("ch_3", 3)] {
            let challenge = try await subject.make(name)
            for _ in 0..<wrongs {
                #expect(try await subject.attempt(challenge, challenge.wrongCode, by: client) == .wrong)
            }
            let last = try await subject.attempt(challenge, challenge.code, by: client)
            #expect(wrongs < 3 ? last.token != nil : last == .locked)
        }
    }

    @Test(
        "an attempt that does not open, or holds nonsense, is counted like a wrong one, and says what is wrong with it")
    func counted() async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        let challenge = try await subject.make()
        let other = try await subject.make("ch_2")
        #expect(try await subject.attempt(challenge, client.seal(challenge.code, to: other.target)) == .notOpened)
        for (content, outcome) in [
            (#"{"otp_code":"\#(challenge.code)"}"#, .malformedContent),
            (#"{"otp_code":"\#(challenge.code)","public_key":"02"}"#, .malformedKey),
        ] as [(String, SealedAttemptOutcome)] {
            #expect(try await subject.attempt(challenge, SealedClient.seal(content, to: challenge.target)) == outcome)
        }
        #expect(try await subject.attempt(challenge, challenge.code, by: client) == .locked)
        let key = client.key.uncompressedHexadecimal
        let sealed = try SealedClient.seal(
            #"{"otp_code":"\#(other.code)","public_key":"\#(key)"}"#, to: other.target)
        #expect(try await subject.attempt(other, sealed) == .uncompressedKey)
        #expect(try await subject.attempt(other, other.code, by: client).token != nil)
    }

    @Test("a decoy never matches, and is expired, wrong and locked like any other")
    func decoy() async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        var request = try subject.makeRequest("ch_1", mode: .test)
        request.target?.isDecoy = true
        let decoy = try await subject.make(request)
        #expect(decoy.code.count == 6)
        for _ in 0..<3 { #expect(try await subject.attempt(decoy, decoy.code, by: client) == .wrong) }
        #expect(try await subject.attempt(decoy, decoy.code, by: client) == .locked)
        request.challenge = "ch_2"
        let other = try await subject.make(request)
        subject.clock.advance(seconds: 300)
        #expect(try await subject.attempt(other, other.code, by: client) == .expired)
    }

    @Test("guesses at decoys lock nobody's contact, and find it locked when others would")
    func decoyAndContact() async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        func attempt(_ name: String, isDecoy: Bool) async throws -> SealedAttemptOutcome {
            var request = try subject.makeRequest(name)
            request.target?.isDecoy = isDecoy
            return try await subject.attempt(subject.make(request), "nonsense", by: client)
        }
        for round in 0..<110 { #expect(try await attempt("decoy_\(round)", isDecoy: true) == .wrong) }
        for round in 0..<100 { #expect(try await attempt("ch_\(round)", isDecoy: false) == .wrong) }
        #expect(try await attempt("ch_last", isDecoy: false) == .locked)
        #expect(try await attempt("decoy_last", isDecoy: true) == .locked)
    }

    @Test("a code dies at the end of its lifetime, to the millisecond, whatever the wall clock says")
    func expires() async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        let challenge = try await subject.make()
        subject.clock.advance(seconds: 299)
        #expect(try await subject.attempt(challenge, challenge.wrongCode, by: client) == .wrong)
        subject.clock.advance(seconds: 1)
        subject.clock.setWall(secondsLater: -1000)
        #expect(try await subject.attempt(challenge, challenge.code, by: client) == .expired)
    }

    @Test("an attempt of another flow, organization or place is refused, and costs no attempt")
    func otherPlace() async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        let challenge = try await subject.make()
        let attempt = try client.seal(challenge.code, to: challenge.target)
        let good = AttemptSealedChallenge(
            challenge: challenge.record, flow: .turnkey, attempt: attempt, token: try subject.tokenRequest(challenge))
        var ours = challenge
        ours.flow = .countersign
        let record = challenge.record
        let signingKey = try subject.key(.enclave)
        let changes: [(EnclaveError.Code, (inout AttemptSealedChallenge) throws -> Void)] = [
            (
                .requestRefused,
                {
                    $0.flow = .countersign; $0.token = try subject.tokenRequest(ours)
                }
            ),
            (.requestRefused, { $0.token.organization = "org-of-ws_2" }),
            (.requestRefused, { $0.token.lifetime = 0 }), (.requestRefused, { $0.token.lifetime = 86_401 }),
            (.requestRefused, { $0.token.identifier = "" }),
            (.sealRefused, { $0.challenge = SealedRecord(workspace: "ws_2", record: "ch_1", sealed: record.sealed) }),
            (.sealRefused, { $0.challenge = SealedRecord(workspace: "ws_1", record: "ch_2", sealed: record.sealed) }),
            (.sealRefused, { $0.challenge = SealedRecord(workspace: "ws_1", record: "ch_1", sealed: []) }),
            (
                .sealRefused,
                { $0.challenge = SealedRecord(workspace: "ws_1", record: "ch_1", sealed: signingKey.sealed) }
            ),
            (
                .sealRefused,
                {
                    $0.challenge = SealedRecord(workspace: "ws_1", record: "ch_1", sealed: record.sealed.dropLast())
                }
            ),
        ]
        for (code, change) in changes {
            var request = good
            try change(&request)
            await #expect(throws: EnclaveError(code)) { _ = try await subject.enclave.call(request) }
        }
        #expect(try await subject.enclave.call(good).token != nil)
    }

    @Test("a token is signed by a key of the challenge's own flow and mode, or the attempt is refused uncounted")
    func keyPurpose() async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        for way in SealedWay.all {
            let challenge = try await subject.make("ch_\(way)", flow: way.flow, mode: way.mode)
            let right: SigningKeyPurpose = way.flow == .turnkey ? .enclave(way.mode) : .session(way.mode)
            var request = AttemptSealedChallenge(
                challenge: challenge.record, flow: way.flow,
                attempt: try client.seal(challenge.code, to: challenge.target),
                token: try subject.tokenRequest(challenge))
            for purpose in SigningKeyPurpose.allCases where purpose != right {
                request.token.keyIdentifier = try subject.key(purpose).keyIdentifier
                let refused = request
                await #expect(throws: EnclaveError(.keyRefused)) { _ = try await subject.enclave.call(refused) }
            }
            #expect(try await subject.attempt(challenge, challenge.code, by: client).token != nil)
        }
    }

    @Test("a challenge takes attempts of its own generation only: sealed ones, or ones in the clear")
    func generations() async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        let sealed = try await subject.make("ch_sealed", mode: .test)
        let clear = AttemptChallenge(
            challenge: sealed.record, code: PresentedCode(sealed.code),
            token: IdentityTokenRequest(
                issuer: "i", audience: "a", keyIdentifier: try subject.key(.identityTest).keyIdentifier, lifetime: 60))
        for _ in 0..<10 { #expect(try await subject.enclave.call(clear) == .wrong) }
        #expect(try await subject.attempt(sealed, sealed.code, by: client).token != nil)

        var request = try subject.makeRequest("ch_plain", mode: .test)
        request.target = nil
        let plain = try await subject.enclave.call(request)
        var mixed = sealed
        mixed.record = SealedRecord(workspace: "ws_1", record: "ch_plain", sealed: plain.sealed)
        await #expect(throws: EnclaveError(.requestRefused)) {
            _ = try await subject.attempt(mixed, try #require(plain.testCode).value, by: client)
        }
    }

    @Test("Base32 codes are read without regard to case, with I and L as 1 and O as 0")
    func base32() async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        for round in 0..<20 {
            var request = try subject.makeRequest("ch_\(round)", mode: .test)
            request.format = CodeFormat(alphabet: .base32, length: 9)
            let challenge = try await subject.make(request)
            let typed = String(challenge.code.lowercased().map { $0 == "1" ? "l" : $0 == "0" ? "o" : $0 })
            #expect(try await subject.attempt(challenge, typed, by: client).token != nil)
        }
    }

    @Test("where the signing threads have no room an attempt is refused before it is counted")
    func noRoom() async throws {
        let queue = SwitchableQueue()
        let subject = try await SealedEnclave(signing: queue)
        let client = try SealedClient()
        let challenge = try await subject.make()
        queue.close()
        for _ in 0..<5 {
            await #expect(throws: EnclaveError(.overloaded)) {
                _ = try await subject.attempt(challenge, challenge.code, by: client)
            }
        }
        await #expect(throws: EnclaveError(.overloaded)) { _ = try await subject.make("ch_2") }
        queue.open()
        #expect(try await subject.attempt(challenge, challenge.code, by: client).token != nil)
    }

    @Test("a code that ran out while its attempt waited for a thread is not compared")
    func waited() async throws {
        let queue = SwitchableQueue()
        let subject = try await SealedEnclave(signing: queue)
        let client = try SealedClient()
        let challenge = try await subject.make()
        queue.hold()
        async let outcome = subject.attempt(challenge, challenge.code, by: client)
        while queue.held == 0 { await Task.yield() }
        subject.clock.advance(seconds: 300)
        queue.open()
        #expect(try await outcome == .expired)
    }
}
