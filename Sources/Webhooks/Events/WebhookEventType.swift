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
    /// A provider took a message with a code.
    case passcodeSent = "passcode.sent"
    /// A provider says that it arrived.
    case passcodeDelivered = "passcode.delivered"
    /// No provider took it, or one that did says that it did not arrive.
    case passcodeFailed = "passcode.failed"
    case passcodeVerified = "passcode.verified"
    case passcodeExpired = "passcode.expired"
    /// All attempts are used.
    case passcodeLocked = "passcode.locked"
    case passcodeCanceled = "passcode.canceled"
    /// A figure of a workspace has crossed its limit, and has come back.
    case alertRaised = "alert.raised"
    case alertCleared = "alert.cleared"
    /// Sent to one endpoint because an operator asked for it.
    case test = "webhook.test"
    /// The fraud guard has stopped a range, the stop has ended by itself, an operator has ended it.
    case guardStopped = "guard.stopped"
    case guardCooled = "guard.cooled"
    case guardLifted = "guard.lifted"
    /// A key is old, is about to end, was revoked because others know it.
    case keyRotationDue = "key.rotation_due"
    case keyExpiring = "key.expiring"
    case keyLeaked = "key.leaked"

    /// What somebody should look at as soon as it happens.
    public static let alarms: [Self] = [.alertRaised, .guardStopped, .keyLeaked]
}
