import Enclave
import EnclaveLink
import Foundation
import Testing
import TransparencyLog

@Suite("heads of the logs, in the enclave's process", .timeLimit(.minutes(2)))
struct AnchorProcessTests {
    private let built: BuiltEnclave
    private let log: TestLog

    init() throws {
        built = try BuiltEnclave()
        log = try TestLog(entries: 300)
    }

    private var anchorPath: String { "\(built.dataDirectory)/log.anchor" }

    private func start() async throws -> EnclaveSupervisor {
        let supervisor = try built.supervisor()
        try await supervisor.start { _, _ in }
        return supervisor
    }

    /// The host's way on from `size`, where the answer may have been lost: the anchor may be ahead by one head, and is
    /// never behind.
    private func goOn(_ enclave: EnclaveSupervisor, from size: Int) async throws -> Int {
        let outcome = try await enclave.sign(log.proposal(from: size, to: size + 1))
        if !outcome.isSigned { #expect(try outcome == .refused(.wrongBase(log.head(size + 1)))) }
        return size + 1
    }

    @Test("behind closed walls it keeps and signs, and after a start it goes by what it kept")
    func closedEnclave() async throws {
        var enclave = try await start()
        #expect(enclave.greeting?.isolation.systemCallFilter == true)
        for size in 1...5 {
            let note = try #require(try await enclave.sign(log.proposal(from: size - 1, to: size)).note)
            #expect(try enclave.checkpoint(note, of: log).head == log.head(size))
        }
        await enclave.stop()
        enclave = try await start()
        #expect(try await enclave.sign(log.proposal(from: 0, to: 6)) == .refused(.wrongBase(try log.head(5))))
        #expect(try await enclave.sign(log.fork(after: 2).proposal(from: 5, to: 6)) == .refused(.inconsistent))
        #expect(try await enclave.sign(log.proposal(from: 5, to: 6)).isSigned)
        await enclave.stop()
    }

    @Test("killed at any moment it never signed what it does not know afterwards")
    func killed() async throws {
        var size = 0
        for round in 1...8 {
            let enclave = try await start()
            size = try await goOn(enclave, from: size)
            let process = try #require(enclave.processIdentifier)
            let last = size + round
            while size < last + 20,
                (try? await enclave.sign(log.proposal(from: size, to: size + 1)))?.isSigned == true
            {
                size += 1
                if size == last { Task.detached { kill(process, SIGKILL) } }
            }
            await enclave.stop()
        }
        #expect(size > 40)
    }

    @Test("a second enclave on the same anchor signs nothing; it does all else")
    func second() async throws {
        let first = try await start()
        #expect(try await first.sign(log.proposal(from: 0, to: 1)).isSigned)
        let second = try await start()
        #expect(try await second.sign(log.proposal(from: 0, to: 1)) == .refused(.unanchored(.inUse)))
        _ = try await second.call(CreateSigningKey(purpose: .identity, algorithm: .es256))
        await second.stop()
        #expect(try await first.sign(log.proposal(from: 1, to: 2)).isSigned)
        await first.stop()
    }

    @Test("without its anchor it signs nothing; it does all else")
    func missing() async throws {
        unlink(anchorPath)
        let enclave = try await start()
        #expect(try await enclave.sign(log.proposal(from: 0, to: 1)) == .refused(.unanchored(.missing)))
        _ = try await enclave.call(CreateSigningKey(purpose: .identity, algorithm: .es256))
        await enclave.stop()
    }

    @Test("an older copy put in place between two lives is all it has: it goes by that, and an honest host hears of it")
    func olderCopy() async throws {
        var enclave = try await start()
        #expect(try await enclave.sign(log.proposal(from: 0, to: 3)).isSigned)
        await enclave.stop()
        let copy = try Data(contentsOf: URL(filePath: anchorPath))
        enclave = try await start()
        #expect(try await enclave.sign(log.proposal(from: 3, to: 7)).isSigned)
        await enclave.stop()
        try copy.write(to: URL(filePath: anchorPath))
        chmod(anchorPath, 0o600)
        enclave = try await start()
        #expect(try await enclave.sign(log.proposal(from: 7, to: 8)) == .refused(.wrongBase(try log.head(3))))
        await enclave.stop()
    }

    @Test("where the file may not grow nothing is signed, and the enclave lives on")
    func fullDisk() async throws {
        var enclave = try await start()
        let limited = try Process.run(
            URL(filePath: "/usr/bin/prlimit"),
            arguments: ["--fsize=4096", "--pid", "\(try #require(enclave.processIdentifier))"])
        limited.waitUntilExit()
        #expect(limited.terminationStatus == 0)
        #expect(try await enclave.sign(log.proposal(from: 0, to: 1)) == .refused(.anchorFailed))
        #expect(try await enclave.sign(log.proposal(from: 0, to: 1)) == .refused(.anchorFailed))
        _ = try await enclave.call(CreateSigningKey(purpose: .identity, algorithm: .es256))
        await enclave.stop()
        enclave = try await start()
        #expect(try await enclave.sign(log.proposal(from: 0, to: 1)).isSigned)
        await enclave.stop()
    }

    @Test("the anchor is where the settings say, below the data directory or anywhere")
    func elsewhere() async throws {
        let folder = try TemporaryFolder()
        let other = try BuiltEnclave(masterKey: false)
        let path = folder.url.appending(path: "heads").path
        try Data("audit_log: {anchor_file: \(path)}\n".utf8)
            .write(to: URL(filePath: "\(other.dataDirectory)/enclave.yaml"))
        #expect(try BuiltEnclave.run(["create-master-key", "--data", other.dataDirectory]).code == 0)
        #expect(access(path, F_OK) == 0 && access("\(other.dataDirectory)/log.anchor", F_OK) != 0)
    }

    @Test("no master key is made beside an anchor of another one")
    func leftover() throws {
        unlink("\(built.dataDirectory)/master.key")
        let (code, output) = try BuiltEnclave.run(["create-master-key", "--data", built.dataDirectory])
        #expect(code == 78 && output.contains("another installation's anchor"))
        #expect(access("\(built.dataDirectory)/master.key", F_OK) != 0)
    }

    @Test("a restore is acknowledged while the server is stopped, and then the logs are taken as they are")
    func acknowledged() async throws {
        let command = ["acknowledge-restore", "--data", built.dataDirectory]
        var enclave = try await start()
        #expect(try await enclave.sign(log.proposal(from: 0, to: 9)).isSigned)
        let early = try BuiltEnclave.run(command)
        #expect(early.code == 78 && early.output.contains("stop the server first"))
        await enclave.stop()
        let (code, output) = try BuiltEnclave.run(command)
        #expect(code == 0 && output.contains("\(log.origin) 9\n"))
        let restored = log.fork(after: 4)
        enclave = try await start()
        #expect(try await enclave.sign(restored.proposal(from: 4, to: 6)).previous == log.head(9))
        #expect(try await enclave.sign(restored.proposal(from: 6, to: 7)).isSigned)
        await enclave.stop()
    }

    @Test("what is damaged is moved aside and made anew, what is open to others is not", arguments: [true, false])
    func remade(isDamaged: Bool) async throws {
        let command = ["acknowledge-restore", "--data", built.dataDirectory]
        if isDamaged { try Data("no anchor".utf8).write(to: URL(filePath: anchorPath)) }
        chmod(anchorPath, isDamaged ? 0o600 : 0o644)
        let (code, output) = try BuiltEnclave.run(command)
        #expect(code == (isDamaged ? 0 : 78) && output.contains(isDamaged ? "made anew" : "chmod 600"))
        #expect((access(anchorPath + ".damaged", F_OK) == 0) == isDamaged)
        guard isDamaged else { return }
        let enclave = try await start()
        #expect(try await enclave.sign(log.proposal(from: 3, to: 4)).previous == .empty)
        await enclave.stop()
    }
}
