import Testing
import Threads

@testable import EnclaveLink

@Suite("the threads that connect to providers", .timeLimit(.minutes(1)))
struct StreamWorkersTests {
    private let hanging = Destination(host: "hanging.example", port: 443)
    private let quick = Destination(host: "quick.example", port: 443)

    @Test("a destination that hangs, with more waiting for it, holds up no other")
    func apart() async throws {
        let workers = StreamWorkers()
        let released = Monitor(false)
        defer { released.update { $0 = true } }
        let blocked = try #require(workers.pool(for: hanging))
        for _ in 0..<32 { #expect(blocked.submit { released.wait { state, _ in state ? () : nil } }) }
        let other = try #require(workers.pool(for: quick))
        await withCheckedContinuation { continuation in
            #expect(other.submit { continuation.resume() })
        }
        #expect(blocked.hasWaiting)
    }

    @Test("who is asked for again has its threads still; who is no provider any more has none that take work")
    func kept() throws {
        let workers = StreamWorkers()
        let kept = try #require(workers.pool(for: quick))
        let dropped = try #require(workers.pool(for: hanging))
        workers.keep(only: [quick])
        #expect(workers.pool(for: quick) === kept)
        #expect(!dropped.submit {})
        workers.close()
        #expect(!kept.submit {} && workers.pool(for: hanging) == nil)
    }
}
