import Foundation

/// A request for a permission, as it stands.
public struct Permission: Sendable, Hashable, Identifiable {
    public enum Status: String, Sendable, Hashable, Codable, CaseIterable {
        case pending, approved, denied, expired, used, revoked
    }

    /// `perm_…`
    public let id: String
    public let status: Status
    /// What one use needs. The server shows it once, so that this is nil when the permission is asked for again.
    public let token: Secret?
    /// What was granted, once something was; it may be narrower than what was asked for.
    public let scope: [String: PermissionValue]
    /// Why it was denied or revoked; on one line.
    public let reason: String?
    /// Where people decide, while they have not.
    public let approvalAddress: URL?
    /// What the asking side shows, and the approver types, where the policy wants it.
    public let matchNumber: String?
    public let expiresAt: Date
}

/// What the server says of a token.
public enum TokenCheck: Sendable, Hashable {
    /// It works so many times more, until then, for what is within the scope.
    case valid(scope: [String: PermissionValue], usesRemaining: Int, expiresAt: Date)
    /// Why not; on one line.
    case invalid(reason: String)
}

/// Figures of the last while: of the agent that asks, or of the workspace for an operator.
public struct PermissionMetrics: Sendable, Hashable, Decodable {
    public enum Period: String, Sendable, Hashable, Codable, CaseIterable {
        case hour = "1h"
        case day = "24h"
        case week = "7d"
        case month = "30d"
    }

    public let period: Period
    public let requests: Int
    public let approved: Int
    public let denied: Int
    public let pending: Int
    public let expired: Int
    /// Denied ones among those that were decided.
    public let denialRate: Double
    public let tokensIssued: Int
    public let tokensUsed: Int
    /// Unused tokens among those that ended.
    public let unusedTokenRate: Double
    public let failedAuthentications: Int
    /// Milliseconds from a request to its approval by people; nil where there was none.
    public let avgApprovalMs: Int?
}
