import EnclaveLink
import Synchronization
import Testing

@testable import Enclave

/// A host in the test's own process that keeps every frame that passes between it and the enclave.
final class WatchingHost: EnclaveCalling {
    private struct State {
        var core: EnclaveCore
        var frames: [[UInt8]] = []
    }

    private let state: Mutex<State>
    private let parts: EnclaveParts

    init(_ parts: EnclaveParts) throws {
        self.parts = parts
        state = Mutex(State(core: try EnclaveCore(parts)))
    }

    /// Every frame so far, both ways.
    var frames: [[UInt8]] { state.withLock { $0.frames } }

    var greeting: Greeting? { state.withLock { $0.core.greeting } }

    func call<Request: EnclaveRequest>(_ request: Request) async throws(EnclaveError) -> Request.Reply {
        guard let frame = try? request.frame(identifier: 0) else { throw EnclaveError(.requestRefused) }
        let core = state.withLock { $0.core }
        let answer = await withCheckedContinuation { continuation in
            let slot = AnswerSlot(continuation)
            do { try core.receive(frame.dropFirst(4), answers: slot) } catch { slot.add([]) }
        }
        state.withLock { $0.frames += [frame, answer] }
        return try AnswerSlot.decode(Request.Reply.self, from: answer)
    }

    /// Starts the enclave anew: another boot, no attempts remembered, no keys loaded.
    func restart() throws {
        let core = try EnclaveCore(parts)
        state.withLock { $0.core = core }
    }
}
