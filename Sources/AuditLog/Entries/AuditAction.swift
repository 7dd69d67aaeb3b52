/// What an entry says was done: the record's kind, a dot, the deed.
public enum AuditAction: String, CaseIterable, Sendable {
    case workspaceCreated = "workspace.created"
    case workspaceChanged = "workspace.changed"
    case keyCreated = "key.created"
    /// Where it may be used, or for what.
    case keyChanged = "key.changed"
    case keyRevoked = "key.revoked"
    /// Somebody showed that its text is known to others, which ended it.
    case keyLeaked = "key.leaked"
    /// Its owner was told that it is old, or about to end.
    case keyReminded = "key.reminded"
    /// It ends after a grace period, because a new one took its place.
    case keyRetired = "key.retired"
    case keyRefused = "key.refused"
    case signingKeyCreated = "signing_key.created"
    case signingKeyRotated = "signing_key.rotated"
    case signingKeyRemoved = "signing_key.removed"
    /// The enclave is about to be asked; what became of it follows, unless the host died in between.
    case masterKeyRotationBegun = "master_key.rotation_begun"
    case masterKeyRotated = "master_key.rotated"
    case masterKeyRetirementBegun = "master_key.retirement_begun"
    case masterKeysRetired = "master_key.retired"
    case challengeCreated = "challenge.created"
    case challengeResent = "challenge.resent"
    case challengeDispatched = "challenge.dispatched"
    case challengeAttempted = "challenge.attempted"
    case challengeVerified = "challenge.verified"
    /// What a provider said of a message that it took.
    case challengeReported = "challenge.reported"
    case challengeCanceled = "challenge.canceled"
    case templateSaved = "template.saved"
    case templateDeleted = "template.deleted"
    case testRecipientSaved = "test_recipient.saved"
    case testRecipientDeleted = "test_recipient.deleted"
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
    case logExported = "log.exported"
    case logRestored = "log.restored"
    case logRetentionChanged = "log.retention_changed"
    /// A legal hold begins, or ends.
    case logHeld = "log.held"
    case logReleased = "log.released"
    case logPruned = "log.pruned"
    case personErased = "person.erased"
    /// The fraud guard has stopped a range.
    case guardStopped = "guard.stopped"
    /// A stop has ended by itself, or an operator ended it.
    case guardCooled = "guard.cooled"
    case guardLifted = "guard.lifted"
}

/// How it ended.
public enum AuditOutcome: String, CaseIterable, Sendable {
    case done, refused, failed
}
