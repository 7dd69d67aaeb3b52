import Fixtures
import Passcodes
import Storage
import Testing

@Suite("What is over is forgotten")
struct PruningTests {
    /// An outbox that takes no word of a code that expired, as where webhooks cannot be stored.
    private struct FullOutbox: PasscodeOutbox {
        func enqueue(_ change: PasscodeChange, in transaction: any Transaction) throws(StorageError) {
            if change.kind == .expired { throw StorageError(.unavailable, reason: "full") }
        }

        func workspaces(
            listeningTo kind: PasscodeChange.Kind, in transaction: any Transaction
        ) throws(StorageError) -> [String] {
            try transaction.rows("SELECT id FROM workspace", []).map { row throws(StorageError) in try row.text(0) }
        }
    }

    @Test("what is to be deleted does not wait for those who are to be told of expired codes")
    func deletesAnyway() async throws {
        let installation = try await Installation(outbox: { _ in FullOutbox() })
        let workspace = try await installation.workspace()
        try await installation.send(workspace)
        try await installation.challenges.writeDown()
        installation.time.advance(seconds: 91 * 86_400)
        try await installation.restartEnclave()
        try await installation.send(workspace)
        installation.time.advance(seconds: 700)
        await #expect(throws: PasscodeError.unavailable("")) { try await installation.challenges.prune() }
        let left = try await installation.database.read { transaction in
            try transaction.rows("SELECT 1 FROM passcode_statistic", []).count
                + transaction.rows("SELECT 1 FROM challenge", []).count
        }
        // The code that is to be told of is still there, and all else is gone.
        #expect(left == 1)
    }
}
