import Testing

@testable import Enclave

@Suite("Enclave: the watch over its loop")
struct LoopWatchTests {
    private struct Fault: Error {}

    @Test("the loop is stuck while it is busy for too long, and not while it waits for the host")
    func stuck() {
        let watch = LoopWatch()
        #expect(!watch.isStuck(for: .zero))
        watch.during {
            #expect(watch.isStuck(for: .zero))
            #expect(!watch.isStuck(for: .seconds(3600)))
        }
        #expect(!watch.isStuck(for: .zero))
    }

    @Test("nor after a message that was refused")
    func refused() {
        let watch = LoopWatch()
        #expect(throws: Fault.self) { try watch.during { () throws(Fault) in throw Fault() } }
        #expect(!watch.isStuck(for: .zero))
    }
}
