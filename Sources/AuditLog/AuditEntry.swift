/// One line of the audit log: who did what to which record, when, from where, and how it ended. Never a code, a key,
/// a token or a contact.
public struct AuditEntry: Equatable, Sendable {
    public var workspace: String
    /// Unix milliseconds.
    public var time: Int64
    public var action: AuditAction
    /// The identifier of what was acted on.
    public var record: String
    /// The agent that it is about; empty where it is about none.
    public var agent: String
    public var outcome: AuditOutcome
    public var origin: RequestOrigin
    /// A short reason from a fixed vocabulary, such as a delivery failure's; empty if there is none.
    public var detail: String

    public init(
        workspace: String, time: Int64, action: AuditAction, record: String, agent: String = "",
        outcome: AuditOutcome = .done, origin: RequestOrigin, detail: String = ""
    ) {
        self.workspace = workspace
        self.time = time
        self.action = action
        self.record = record
        self.agent = agent
        self.outcome = outcome
        self.origin = origin
        self.detail = detail
    }
}

public enum AuditAction: String, CaseIterable, Sendable {
    case workspaceCreated = "workspace.created"
    case workspaceChanged = "workspace.changed"
    case keyCreated = "key.created"
    case keyRevoked = "key.revoked"
    /// It ends after a grace period, because a new one took its place.
    case keyRetired = "key.retired"
    case keyRefused = "key.refused"
    case signingKeyCreated = "signing_key.created"
    case signingKeyRotated = "signing_key.rotated"
    case signingKeyRemoved = "signing_key.removed"
    case challengeCreated = "challenge.created"
    case challengeResent = "challenge.resent"
    case challengeDispatched = "challenge.dispatched"
    case challengeAttempted = "challenge.attempted"
    case challengeVerified = "challenge.verified"
    case captchaChecked = "captcha.checked"
    case userLookedUp = "user.looked_up"
    case userSignedUp = "user.signed_up"
    case sessionOpened = "session.opened"
    case sessionEvicted = "session.evicted"
    case sessionEnded = "session.ended"
    case authenticationFailed = "authentication.failed"
    case agentCreated = "agent.created"
    case agentChanged = "agent.changed"
    case agentDeleted = "agent.deleted"
    case agentsStopped = "agents.stopped"
    case agentsResumed = "agents.resumed"
    case approverCreated = "approver.created"
    case approverChanged = "approver.changed"
    case approverIdentified = "approver.identified"
    case approverLeft = "approver.left"
    case policyCreated = "policy.created"
    case policyChanged = "policy.changed"
    case policyDeleted = "policy.deleted"
    case policiesApplied = "policies.applied"
    case permissionRequested = "permission.requested"
    /// A decision that was refused; those that count are the next two.
    case permissionDecided = "permission.decided"
    case permissionApproved = "permission.approved"
    case permissionDenied = "permission.denied"
    case permissionCollected = "permission.collected"
    case permissionVerified = "permission.verified"
    case permissionUsed = "permission.used"
    case permissionRevoked = "permission.revoked"
    case permissionExpired = "permission.expired"
    case webhookCreated = "webhook.created"
    case webhookChanged = "webhook.changed"
    case webhookSecretRotated = "webhook.secret_rotated"
    case webhookEnabled = "webhook.enabled"
    case webhookDisabled = "webhook.disabled"
    case webhookDeleted = "webhook.deleted"
    case webhookReplayed = "webhook.replayed"
    case webhookQueueFull = "webhook.queue_full"
}

public enum AuditOutcome: String, CaseIterable, Sendable {
    case done, refused, failed
}
