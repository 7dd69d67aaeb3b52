import SealedPasscodes
import Testing

@testable import API

@Suite("Turnkey dialect: what is remembered of activities")
struct RecentActivitiesTests {
    private let recent = RecentActivities()

    private func begin(_ number: Int, now: Int64 = 0) -> (activity: Activity, isNew: Bool) {
        let identity = Activity.Identity(
            workspace: "ws", submitter: .backEnd, kind: .initOTP, fingerprint: Array("\(number)".utf8))
        return recent.begin(identity, organization: "o", type: "t", now: now)
    }

    @Test("an activity is remembered for as long as its request may be sent again, and not for ever")
    func lifetime() {
        let start = 1_000_000_000_000
        let first = begin(1, now: Int64(start))
        for minute in 1...10 {
            let again = begin(1, now: Int64(start + minute * 60_000))
            #expect(!again.isNew && again.activity.id == first.activity.id)
            _ = begin(100 + minute, now: Int64(start + minute * 60_000))
        }
        #expect(begin(1, now: Int64(start + 12 * 60_000)).isNew)
    }

    @Test("at most ten thousand are remembered, the newest")
    func limit() {
        #expect(begin(0).isNew)
        for number in 1..<RecentActivities.limit / 2 { _ = begin(number) }
        #expect(!begin(0).isNew)
        for number in 0..<RecentActivities.limit { _ = begin(1_000_000 + number) }
        #expect(begin(0).isNew)
        #expect(!begin(1_000_000 + RecentActivities.limit - 1).isNew)
    }

    @Test("many at once are remembered for as long as few, and no longer")
    func burst() {
        let minute: Int64 = 60_000
        for number in 0..<6_000 { _ = begin(number) }
        for passed in 1...9 { #expect(begin(10_000 + passed, now: Int64(passed) * minute).isNew) }
        #expect(!begin(0, now: 9 * minute).isNew)
        #expect(!begin(5_999, now: 10 * minute).isNew)
        #expect(begin(0, now: 11 * minute).isNew)
    }

    @Test("never are more than ten thousand remembered, however fast they come", arguments: [0, 25, 70] as [Int64])
    func bound(millisecondsBetween pause: Int64) {
        var ids: [String] = []
        for number in 0..<3 * RecentActivities.limit {
            ids.append(begin(number, now: Int64(number) * pause).activity.id)
            guard ids.count.isMultiple(of: 5_000) else { continue }
            let known = ids.count { recent.find($0, workspace: "ws", submitter: .backEnd) != nil }
            #expect(known <= RecentActivities.limit)
        }
    }

    @Test("the end of an activity shows wherever it is remembered, and a forgotten one begins anew")
    func ends() throws {
        let first = begin(1).activity
        for number in 2...(RecentActivities.limit / 2 + 1) { _ = begin(number) }
        _ = recent.finish(first, .completed(["a": "b"]), now: 5)
        guard case .completed(["a": "b"]) = begin(1).activity.outcome else {
            Issue.record("not completed")
            return
        }
        recent.forget(first)
        #expect(begin(1).isNew)
        #expect(recent.find(first.id, workspace: "ws", submitter: .backEnd) == nil)
    }

    @Test("nobody finds an activity of another workspace or signer")
    func foreign() throws {
        let id = begin(1).activity.id
        #expect(recent.find(id, workspace: "ws", submitter: .backEnd) != nil)
        #expect(recent.find(id, workspace: "ws2", submitter: .backEnd) == nil)
        let key = try P256PublicKey(
            compressedHexadecimal: "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")
        #expect(recent.find(id, workspace: "ws", submitter: .key(key)) == nil)
    }
}
