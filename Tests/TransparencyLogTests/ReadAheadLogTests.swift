import Synchronization
import Testing

@testable import TransparencyLog

@Suite("A log that is read ahead")
struct ReadAheadLogTests {
    /// Notes what it is asked for.
    private final class Watched: LogSource {
        let log: MemoryLog
        let asked = Mutex<[TilePath: Int]>([:])

        init(_ log: MemoryLog) { self.log = log }

        func checkpoint() async throws -> [UInt8]? { log.note }
        func contents(of path: TilePath) async throws -> [UInt8]? {
            asked.withLock { $0[path, default: 0] += 1 }
            return log.pieces[path]
        }
    }

    private struct Failure: Error, Equatable {}

    private struct Failing: LogSource {
        func checkpoint() async throws -> [UInt8]? { nil }
        func contents(of path: TilePath) async throws -> [UInt8]? {
            guard path.number == 0 else { throw Failure() }
            return []
        }
    }

    @Test("gives what its source has, each piece read once", arguments: [1, 256, 257, 1_100])
    func same(count: Int) async throws {
        let watched = Watched(try MemoryLog(count: count))
        let verified = try await LogVerifier(ReadAheadLog(watched, size: UInt64(count)), key: MemoryLog.key()).verify()
        #expect(verified.entries.count == count)
        let bundles = watched.asked.withLock { $0.filter { $0.key.content == .entries } }
        #expect(bundles.count == (count + 255) / 256)
        #expect(bundles.values.allSatisfy { $0 == 1 })
    }

    @Test("has the failure of a bundle when that is asked for")
    func failing() async throws {
        let log = ReadAheadLog(Failing(), size: 600)
        #expect(try await log.contents(of: TilePath(.entries, number: 0)) == [])
        await #expect(throws: Failure()) { _ = try await log.contents(of: TilePath(.entries, number: 1)) }
    }

    @Test("gives a bundle of another width than it expects as the source has it")
    func grown() async throws {
        let memory = try MemoryLog(count: 300)
        let log = ReadAheadLog(memory, size: 270)
        _ = try await log.contents(of: TilePath(.entries, number: 0))
        let path = try TilePath(.entries, number: 1, width: 44)
        #expect(try await log.contents(of: path) == memory.pieces[path])
    }
}
