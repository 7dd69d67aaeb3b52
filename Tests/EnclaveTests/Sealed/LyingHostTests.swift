import EnclaveLink
import SealedPasscodes
import Testing

@testable import Enclave

/// A host that lies: it keeps every blob, forgets every count, and asks again as often as it likes.
private struct LyingHost {
    let subject: SealedEnclave
    let client: SealedClient

    init() async throws {
        subject = try await SealedEnclave()
        client = try SealedClient()
    }

    /// How many of `outcomes` told anything about the code.
    static func guesses(_ outcomes: [SealedAttemptOutcome]) -> Int {
        outcomes.filter { outcome in
            switch outcome {
            case .verified, .wrong, .notOpened, .malformedContent, .malformedKey, .uncompressedKey: true
            case .locked, .expired, .spent, .madeBeforeBoot: false
            }
        }.count
    }

    func guess(_ challenge: SealedChallenge, times: Int) async throws -> [SealedAttemptOutcome] {
        var outcomes: [SealedAttemptOutcome] = []
        for _ in 0..<times { outcomes.append(try await subject.attempt(challenge, challenge.wrongCode, by: client)) }
        return outcomes
    }
}

@Suite("a lying host gets three guesses at a code and no more")
struct LyingHostTests {
    @Test("asking without counting", arguments: SealedFlow.allCases)
    func noCounter(flow: SealedFlow) async throws {
        let host = try await LyingHost()
        let challenge = try await host.subject.make(flow: flow)
        #expect(try await LyingHost.guesses(host.guess(challenge, times: 50)) == 3)
        #expect(try await host.subject.attempt(challenge, challenge.code, by: host.client) == .locked)
    }

    @Test("asking many at the same time", arguments: SealedFlow.allCases)
    func parallel(flow: SealedFlow) async throws {
        let host = try await LyingHost()
        let challenge = try await host.subject.make(flow: flow)
        let attempts = try (0..<50).map { _ in try host.client.seal(challenge.wrongCode, to: challenge.target) }
        let outcomes = try await withThrowingTaskGroup(of: SealedAttemptOutcome.self) { group in
            for attempt in attempts { group.addTask { try await host.subject.attempt(challenge, attempt) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(LyingHost.guesses(outcomes) == 3 && outcomes.filter { $0 == .locked }.count == 47)
    }

    @Test("replaying one person's sealed attempt")
    func replay() async throws {
        let host = try await LyingHost()
        let challenge = try await host.subject.make()
        let attempt = try host.client.seal(challenge.wrongCode, to: challenge.target)
        var outcomes: [SealedAttemptOutcome] = []
        for _ in 0..<20 { outcomes.append(try await host.subject.attempt(challenge, attempt)) }
        #expect(LyingHost.guesses(outcomes) == 3)

        let other = try await host.subject.make("ch_2")
        let right = try host.client.seal(other.code, to: other.target)
        #expect(try await host.subject.attempt(other, right).token != nil)
        for _ in 0..<20 { #expect(try await host.subject.attempt(other, right) == .spent) }
    }

    @Test("restoring the blob of a database copy after the challenge was locked, spent or expired")
    func oldBlob() async throws {
        let host = try await LyingHost()
        let (locked, spent, expired) = (
            try await host.subject.make("ch_1"), try await host.subject.make("ch_2"),
            try await host.subject.make("ch_3")
        )
        _ = try await host.guess(locked, times: 3)
        _ = try await host.subject.token(spent, for: host.client)
        #expect(try await LyingHost.guesses(host.guess(locked, times: 9) + host.guess(spent, times: 9)) == 0)
        host.subject.clock.advance(seconds: 400)
        // The enclave has forgotten all three by now; their time is over all the same.
        for challenge in [locked, spent, expired] {
            #expect(try await LyingHost.guesses(host.guess(challenge, times: 9)) == 0)
        }
    }

    @Test("restarting the enclave")
    func restart() async throws {
        let host = try await LyingHost()
        let challenge = try await host.subject.make()
        var outcomes = try await host.guess(challenge, times: 2)
        for _ in 0..<3 {
            try await host.subject.restart()
            outcomes += try await host.guess(challenge, times: 5)
        }
        #expect(LyingHost.guesses(outcomes) == 2)
        #expect(try await host.subject.attempt(challenge, challenge.code, by: host.client) == .madeBeforeBoot)
    }

    @Test("giving a blob of an earlier boot this boot's name")
    func renamedBoot() async throws {
        let host = try await LyingHost()
        var challenge = try await host.subject.make()
        try await host.subject.restart()
        let boot = try #require(host.subject.enclave.greeting?.boot)
        let sealed = challenge.record.sealed
        challenge.record = SealedRecord(
            workspace: "ws_1", record: "ch_1", sealed: [sealed[0]] + boot.bytes + sealed[17...])
        let renamed = challenge
        await #expect(throws: EnclaveError(.sealRefused)) { _ = try await host.guess(renamed, times: 1) }
    }

    @Test("setting the wall clock back and forth")
    func wallClock() async throws {
        let host = try await LyingHost()
        let challenge = try await host.subject.make()
        var outcomes: [SealedAttemptOutcome] = []
        for seconds in [0, 100_000, -200_000, 50_000] as [Int64] {
            host.subject.clock.setWall(secondsLater: seconds)
            outcomes += try await host.guess(challenge, times: 5)
        }
        #expect(LyingHost.guesses(outcomes) == 3)
    }

    @Test(
        "swapping the bundles of two challenges: the client notices, and what was sealed to the wrong key is a guess lost"
    )
    func swappedBundles() async throws {
        let host = try await LyingHost()
        let subject = host.subject
        for flow in SealedFlow.allCases {
            let (one, two) = (
                try await subject.make("a_\(flow)", flow: flow), try await subject.make("b_\(flow)", flow: flow)
            )
            #expect(throws: SealedPasscodeError(.wrongChallenge)) {
                try SealedEnclave.content(
                    two.bundle, flow: flow, pinned: subject.pinned(), challenge: one.record.record,
                    now: subject.clock.now.unixMilliseconds)
            }
            var outcomes: [SealedAttemptOutcome] = []
            for _ in 0..<10 {
                outcomes.append(try await subject.attempt(one, host.client.seal(one.code, to: two.target)))
            }
            #expect(outcomes.filter { $0 == .notOpened }.count == 3 && LyingHost.guesses(outcomes) == 3)
        }
    }

    @Test("moving a blob to another challenge or workspace, to have it counted under a fresh name")
    func moved() async throws {
        let host = try await LyingHost()
        let challenge = try await host.subject.make()
        _ = try await host.guess(challenge, times: 3)
        for (workspace, name) in [("ws_1", "ch_2"), ("ws_2", "ch_1"), ("ws_1c", "h_1")] {
            var moved = challenge
            moved.record = SealedRecord(workspace: workspace, record: name, sealed: challenge.record.sealed)
            let other = moved
            await #expect(throws: (any Error).self) { _ = try await host.guess(other, times: 1) }
        }
    }

    @Test("making a second code under the same name, whose end takes the count with it")
    func sameName() async throws {
        let host = try await LyingHost()
        let subject = host.subject
        var request = try subject.makeRequest("ch_1", mode: .test)
        request.lifetime = 1
        let short = try await subject.make(request)
        request.lifetime = 300
        let long = try await subject.make(request)
        // The short-lived code is tried first, so that a count under the name alone would die with it.
        var atShort = try await host.guess(short, times: 1)
        var atLong = try await host.guess(long, times: 2)
        subject.clock.advance(seconds: 3)
        atShort += try await host.guess(short, times: 5)
        atLong += try await host.guess(long, times: 5)
        #expect(LyingHost.guesses(atShort) == 1 && LyingHost.guesses(atLong) == 3)
    }

    @Test("asking in the clear, for a code or for another comparison")
    func inTheClear() async throws {
        let host = try await LyingHost()
        let challenge = try await host.subject.make()
        _ = try await host.guess(challenge, times: 3)
        let token = IdentityTokenRequest(
            issuer: "i", audience: "a", keyIdentifier: try host.subject.key(.identity).keyIdentifier, lifetime: 60)
        for code in [challenge.code, challenge.wrongCode] {
            let clear = AttemptChallenge(challenge: challenge.record, code: PresentedCode(code), token: token)
            #expect(try await host.subject.enclave.call(clear) == .wrong)
        }
        await #expect(throws: EnclaveError(.requestRefused)) {
            _ = try await host.subject.enclave.call(RevealTestCode(challenge: challenge.record))
        }
    }

    @Test("making challenge after challenge: a contact has a hundred guesses, over all of them")
    func contact() async throws {
        let host = try await LyingHost()
        var outcomes: [SealedAttemptOutcome] = []
        for round in 0..<40 {
            outcomes += try await host.guess(host.subject.make("ch_\(round)"), times: 3)
        }
        #expect(LyingHost.guesses(outcomes) == 100)
    }
}
