import Testing
import Workspaces

@Suite("Random identifiers")
struct RandomIdentifierTests {
    @Test("a random UUID is of version 4, in lower case, and never the same")
    func random() {
        let all = (0..<1000).map { _ in RandomIdentifier.uuid() }
        let form = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        #expect(all.allSatisfy { $0.wholeMatch(of: form) != nil })
        #expect(Set(all).count == all.count)
    }

    @Test("a UUID of a time is of version 7, in the order of the times, and else random")
    func timed() {
        // The example of RFC 9562 §A.6: 22 February 2022, 14:22:22 in New York.
        let time: Int64 = 0x017F_22E2_79B0
        let all = (0..<1000).map { _ in RandomIdentifier.uuid(at: time) }
        let form = /017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        #expect(all.allSatisfy { $0.wholeMatch(of: form) != nil })
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { $0 < RandomIdentifier.uuid(at: time + 1) })
    }
}
