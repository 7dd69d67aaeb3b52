import Foundation
import Testing

@testable import Storage

@Suite("After a crash")
struct CrashTests {
    let place: TemporaryDatabase

    init() throws { place = try TemporaryDatabase() }

    @Test("a copy of the files taken at any moment has every write acknowledged until then")
    func copies() async throws {
        var settings = SQLiteSettings()
        // The two files are not copied at one moment, so nothing may move between them meanwhile.
        settings.checkpointPages = 1_000_000
        let database = try place.open(settings: settings)
        for round in 0..<20 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask { try await database.write { try $0.addCounter("\(round)-\(number)") } }
                }
                // The others are still writing when the first is acknowledged.
                try await group.next()
                let acknowledged = try await database.read { try $0.counters() }
                let copy = try TemporaryDatabase()
                for suffix in ["", "-wal"] {
                    try FileManager.default.copyItem(atPath: place.path + suffix, toPath: copy.path + suffix)
                }
                let reopened = try copy.open()
                #expect(Set(try await reopened.read { try $0.counters() }).isSuperset(of: acknowledged))
                #expect(acknowledged.count > round * 20)
                await reopened.close()
                try await group.waitForAll()
            }
        }
    }

    @Test("of the process, killed while it writes, every acknowledged write is there")
    func killed() async throws {
        let folder = place.folder
        await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
            let database = try SQLiteDatabase.open(
                path: folder + "/test.db", migrations: [TemporaryDatabase.counters])
            let list = open(folder + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<16 {
                    group.addTask {
                        for number in 0..<1_000 {
                            let name = "\(task)-\(number)"
                            guard (try? await database.write({ try $0.addCounter(name) })) != nil else { return }
                            let line = Array("\(name)\n".utf8)
                            _ = write(list, line, line.count)
                            if task == 7, number == 60 { kill(getpid(), SIGKILL) }
                        }
                    }
                }
            }
        }
        let acknowledged = try String(contentsOfFile: folder + "/acknowledged", encoding: .utf8)
            .split(separator: "\n").map(String.init)
        #expect(acknowledged.count > 60)
        let database = try place.open()
        let present = Set(try await database.read { try $0.counters() })
        #expect(present.isSuperset(of: acknowledged))
        // Each of the 16 tasks may have had one write on the disk that it was not told of any more.
        #expect(present.count <= acknowledged.count + 16)
    }
}
