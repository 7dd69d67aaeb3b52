/// What an endpoint may be told of: `type` in the message.
public enum WebhookEventType: String, CaseIterable, Sendable {
    /// People are asked; what policies decide is approved or denied at once.
    case permissionRequested = "permission.requested"
    /// One of two people approved.
    case permissionSeconded = "permission.seconded"
    case permissionApproved = "permission.approved"
    case permissionDenied = "permission.denied"
    case permissionUsed = "permission.used"
    case permissionRevoked = "permission.revoked"
    case permissionExpired = "permission.expired"
    /// A figure of a workspace has crossed its limit, and has come back.
    case alertRaised = "alert.raised"
    case alertCleared = "alert.cleared"
    /// Sent to one endpoint because an operator asked for it.
    case test = "webhook.test"
}
