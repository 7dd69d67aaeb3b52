import Policies
import Storage
import Workspaces

/// A request as it was made, and what the policies of that time said: for trying out others on it.
public struct RecordedRequest: Sendable {
    public let permission: String
    public let facts: PermissionFacts
    /// Whether it was approved at once, left to people, or denied at once.
    public let action: PolicyAction
    public let policy: GrantingPolicy?
}

extension PolicyDirectory {
    /// The most requests that are tried out at once.
    public static let recordedLimit = 100_000

    /// The live requests since a time (Unix milliseconds), oldest first, in pieces: `after` is the last permission of the
    /// piece before, nil for the first.
    public func recorded(
        since: Int64, after: String?, limit: Int = 1_000, workspace: String
    ) async throws(PermissionError) -> [RecordedRequest] {
        throw .unavailable("not built yet")
    }
}
