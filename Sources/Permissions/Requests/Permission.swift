import EnclaveLink
import JOSE
import Policies

/// One request of an agent, and what became of it.
public struct Permission: Sendable, Equatable {
    public var workspace: String
    /// `perm_`, twelve digits of the time of its making, and twenty random ones.
    public var id: String
    public var mode: ChallengeMode
    /// The agent that asked, and the key that it asked with.
    public var agent: String
    public var key: String
    public var action: String
    public var resource: String?
    /// What was asked for, and what the agent said about it, as JSON objects.
    public var scope: StoredJSON
    public var context: StoredJSON
    /// SHA-256 of the request: of the canonical JSON (RFC 8785) of action, agent, context, resource and scope.
    public var digest: [UInt8]
    public var status: PermissionStatus
    /// What was granted; of a pending request the most that can be. Nil of one that was denied.
    public var granted: StoredJSON?
    /// Why it was denied, revoked or is asked about: on one line.
    public var reason: String?
    /// The policy that decided, or that asks for approval; nil where none matched.
    public var policy: GrantingPolicy?
    /// How many people have to approve; 0 where nobody was asked.
    public var approvalsNeeded: Int
    /// The number that the asking side shows; nil where the policy asks for none.
    public var matchNumber: String?
    /// What approvers are shown; nil where nobody was asked.
    public var statement: ApprovalStatement?
    /// How it was decided; nil until then.
    public var decision: Decided?
    public var tokenFormat: TokenFormat
    /// Whether the token was handed out.
    public var isCollected: Bool
    /// How often the token still works, and how often it did.
    public var usesLeft: Int
    public var uses: Int
    /// Unix milliseconds. The token never outlives `expiresAt`.
    public var createdAt: Int64
    public var expiresAt: Int64
    /// When it was used up, revoked or expired.
    public var endedAt: Int64?
    /// Why it is over, though that was not written down yet; nil where it is not.
    public var stop: PermissionStop?

    /// How a request was decided.
    public struct Decided: Sendable, Equatable {
        public var approved: Bool
        /// The policy (`policy:pol_…`) or the people, in the order of their approvals, as in ``ApproverCaller/name``.
        public var by: [String]
        public var channel: ApprovalChannel
        /// Unix milliseconds.
        public var at: Int64
    }
}

/// The stored policy that a grant rests on.
public struct GrantingPolicy: Sendable, Equatable {
    public var id: String
    public var version: Int
}

/// Where a request stands: `pending → approved | denied | expired`, `approved → used | expired | revoked`.
///
/// A pending request that is revoked is `revoked` too: nobody decided about it.
public enum PermissionStatus: String, CaseIterable, Sendable {
    case pending, approved, denied, expired, used, revoked

    /// Whether anything can still become of it.
    public var isOpen: Bool { self == .pending || self == .approved }
}

/// A JSON object as its text, which was read once before it was stored.
public struct StoredJSON: Sendable, Equatable {
    public let text: String

    public static let emptyObject = StoredJSON(text: "{}")

    init(text: String) { self.text = text }

    /// Throws `unavailable` for a text that somebody changed in the database.
    public func value() throws(PermissionError) -> JSONValue {
        do { return try JSONValue(parsing: Array(text.utf8)) } catch {
            throw .unavailable("a stored object cannot be read")
        }
    }
}
