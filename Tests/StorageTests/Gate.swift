import Synchronization
import Threads

@testable import Storage

/// Holds the writer at a known place, so that a test decides which writes share a commit.
final class Gate: Sendable {
    private let state = Monitor((hasArrived: false, isOpen: false))

    /// Called inside a unit of work: blocks it until `open`.
    func pass() {
        state.update { $0.hasArrived = true }
        state.wait { $0.isOpen ? () : nil } as Void
    }

    /// Returns when a unit of work stands at the gate.
    func waitForArrival() async {
        while !state.withLock({ $0.hasArrived }) { await Task.yield() }
    }

    func open() {
        state.update { $0.isOpen = true }
    }
}

extension SQLiteDatabase {
    /// Starts a unit of work that stands at the gate until it opens, and then fails, so that nothing shares its commit.
    func hold(at gate: Gate) -> Task<Void, Never> {
        Task {
            try? await write { _ in
                gate.pass()
                throw Refused()
            }
        }
    }

    /// Queues `works` in their order while the writer is held by a unit that then fails: they share the next commit,
    /// of which the first of them is the first.
    func writeTogether<Value: Sendable>(
        _ works: (@Sendable (any Transaction) throws -> Value)...
    ) async -> [Result<Value, any Error>] {
        await writeTogether(works)
    }

    func writeTogether<Value: Sendable>(
        _ works: [@Sendable (any Transaction) throws -> Value]
    ) async -> [Result<Value, any Error>] {
        let gate = Gate()
        let holder = hold(at: gate)
        await gate.waitForArrival()
        let answers = await withTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
            for (index, work) in works.enumerated() {
                let before = waitingWrites
                group.addTask {
                    do { return (index, .success(try await self.write(work))) } catch {
                        return (index, .failure(error))
                    }
                }
                while waitingWrites == before { await Task.yield() }
            }
            gate.open()
            return await group.reduce(into: [Int: Result<Value, any Error>]()) { $0[$1.0] = $1.1 }
        }
        await holder.value
        return works.indices.compactMap { answers[$0] }
    }
}
