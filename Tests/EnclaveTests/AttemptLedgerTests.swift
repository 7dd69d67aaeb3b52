import Testing

@testable import Enclave

@Suite("the attempt ledger")
struct AttemptLedgerTests {
    private static func at(_ second: Int64) -> EnclaveInstant {
        EnclaveInstant(unixMilliseconds: 0, steadyMilliseconds: second * 1000)
    }

    private static func digest(_ number: Int) -> ChallengeDigest {
        ChallengeDigest(workspace: "ws_1", challenge: "ch_\(number)", expiry: 0)
    }

    @Test("a full ledger refuses new challenges, goes on counting known ones, and takes new ones when others died")
    func full() {
        let ledger = AttemptLedger(capacity: 2, now: Self.at(0))
        #expect(ledger.admit(Self.digest(1), limit: 5, expiry: 10_000, now: Self.at(0)) == .compare)
        #expect(ledger.admit(Self.digest(2), limit: 1, expiry: 20_000, now: Self.at(0)) == .compare)
        #expect(ledger.admit(Self.digest(3), limit: 5, expiry: 30_000, now: Self.at(0)) == .full)
        #expect(ledger.admit(Self.digest(2), limit: 1, expiry: 20_000, now: Self.at(0)) == .locked)
        #expect(ledger.admit(Self.digest(3), limit: 5, expiry: 30_000, now: Self.at(11)) == .compare)
        #expect(ledger.count == 2)
    }

    @Test("an entry lives exactly as long as its challenge, however long nobody asked")
    func forgets() {
        let ledger = AttemptLedger(now: Self.at(0))
        for number in 0..<100 {
            let expiry = Int64(number + 1) * 1000
            #expect(ledger.admit(Self.digest(number), limit: 1, expiry: expiry, now: Self.at(0)) == .compare)
        }
        #expect(ledger.admit(Self.digest(99), limit: 1, expiry: 100_000, now: Self.at(99)) == .locked)
        #expect(ledger.count <= 2)
        _ = ledger.admit(Self.digest(200), limit: 1, expiry: 9_000_000_000, now: Self.at(8_000_000))
        #expect(ledger.count == 1)
        #expect(ledger.admit(Self.digest(200), limit: 1, expiry: 9_000_000_000, now: Self.at(8_000_000)) == .locked)
    }

    @Test("a challenge is spent by exactly one, and stays spent before it counts as locked")
    func spend() {
        let ledger = AttemptLedger(now: Self.at(0))
        #expect(!ledger.spend(Self.digest(1)))
        _ = ledger.admit(Self.digest(1), limit: 1, expiry: 10_000, now: Self.at(0))
        #expect(ledger.spend(Self.digest(1)))
        #expect(!ledger.spend(Self.digest(1)))
        #expect(ledger.admit(Self.digest(1), limit: 1, expiry: 10_000, now: Self.at(1)) == .spent)
        #expect(ledger.isClosed(Self.digest(1), limit: 5) && !ledger.isClosed(Self.digest(2), limit: 5))
    }

    @Test("an attempt that was on its way when its challenge died and was forgotten is not counted as a first one")
    func late() {
        let ledger = AttemptLedger(now: Self.at(0))
        #expect(ledger.admit(Self.digest(1), limit: 1, expiry: 10_000, now: Self.at(9)) == .compare)
        #expect(ledger.admit(Self.digest(2), limit: 1, expiry: 99_000, now: Self.at(20)) == .compare)
        // Its own clock reading is older than what the ledger has seen.
        #expect(ledger.admit(Self.digest(1), limit: 1, expiry: 10_000, now: Self.at(9)) == .expired)
        #expect(!ledger.spend(Self.digest(1)))
    }

    @Test("two codes under one name are counted apart, each until its own end")
    func sameName() {
        let ledger = AttemptLedger(now: Self.at(0))
        let short = ChallengeDigest(workspace: "ws_1", challenge: "ch_1", expiry: 10_000)
        let long = ChallengeDigest(workspace: "ws_1", challenge: "ch_1", expiry: 90_000)
        #expect(ledger.admit(short, limit: 1, expiry: 10_000, now: Self.at(0)) == .compare)
        #expect(ledger.admit(long, limit: 1, expiry: 90_000, now: Self.at(0)) == .compare)
        #expect(ledger.admit(long, limit: 1, expiry: 90_000, now: Self.at(20)) == .locked)
    }
}
