import Enclave
import EnclaveLink
import Testing
import TransparencyLog

@Suite("statements of exports")
struct SignStatementTests {
    private let enclave: InProcessEnclave
    private let log: TestLog

    init() throws {
        enclave = try InProcessEnclave()
        log = try TestLog(entries: 4)
    }

    private func statement(of origin: KeyName? = nil) throws -> ExportStatement? {
        ExportStatement(
            origin: origin ?? log.origin, format: .jsonl, entries: 1..<4, digest: .leaf([1]), head: try log.head(),
            time: 1_800_000_000_000)
    }

    @Test("one is signed with the log's key, reads back as it was, and is no checkpoint")
    func signed() async throws {
        let statement = try #require(try statement())
        let note = try SignedNote(parsing: Array(try await enclave.call(SignStatement(statement)).note.utf8))
        let key = try VerifierKey(name: log.origin, publicKey: try #require(enclave.greeting).logKey)
        try note.verify(with: [key])
        #expect(ExportStatement(parsing: note.text) == statement)
        #expect(throws: LogError.self) { try Checkpoint(opening: note, signedBy: key) }
    }

    @Test("it is signed without an anchor too: it says nothing about what comes next")
    func unanchored() async throws {
        let enclave = try InProcessEnclave(anchor: .failure(.damaged))
        let statement = try #require(try statement())
        #expect(try await enclave.call(SignStatement(statement)).note.hasPrefix("countersign export v1\n"))
    }

    @Test("a name of no log is refused")
    func name() async throws {
        let long = try KeyName(String(repeating: "w", count: LogHeadProposal.originLengths.upperBound + 1))
        let statement = try #require(try statement(of: long))
        await #expect(throws: EnclaveError(.requestRefused)) { _ = try await enclave.call(SignStatement(statement)) }
    }
}
