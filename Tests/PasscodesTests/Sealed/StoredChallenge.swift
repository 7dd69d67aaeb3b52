import Fixtures
import Passcodes
import Workspaces

/// What the database holds of a sealed challenge.
struct StoredChallenge: Equatable {
    var state: String
    /// Bytes of the sealed blob.
    var size: Int
    var isDecoy: Bool
}

extension Installation {
    /// Nil if there is no such row.
    func stored(_ dispatch: SealedDispatch, _ workspace: Workspace) async throws -> StoredChallenge? {
        try await database.read { transaction in
            try transaction.row(
                "SELECT state, LENGTH(sealed), decoy FROM challenge WHERE workspace = $1 AND id = $2",
                [.text(workspace.id), .text(dispatch.identifier)]
            ).map {
                StoredChallenge(
                    state: try $0.text(0), size: Int(try $0.integer(1)), isDecoy: try $0.integer(2) == 1)
            }
        }
    }
}

/// Runs the same call `count` times at once, and collects how each ended.
func atOnce<Result: Sendable>(
    _ count: Int, _ call: @escaping @Sendable (Int) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: Result.self) { group in
        for position in 0..<count { group.addTask { try await call(position) } }
        return try await group.reduce(into: []) { $0.append($1) }
    }
}
