import EnclaveLink
import Storage

/// A challenge as the host keeps it: everything but the code, which is in `sealed` and opens in the enclave only.
struct Challenge: Sendable {
    enum State: String, Sendable {
        case pending, verified
        /// All attempts are used. A plain challenge is marked so once the last one was wrong.
        case locked
        /// Its time is over. A plain challenge is marked so only where somebody is told.
        case expired
        /// Whoever sent it took it back.
        case canceled
    }

    var workspace: String
    /// The identifier that the caller sees.
    var id: String
    var mode: ChallengeMode
    /// The contact's digest.
    var contact: [UInt8]
    /// Nil for a plain challenge.
    var flow: SealedFlow?
    var purpose = PasscodePurpose.verification
    /// The first of `route`.
    var channel: Channel { route[0] }
    /// The channels that are sealed in it, one at least.
    var route: [Channel]
    var state = State.pending
    var boot: BootIdentifier
    /// Empty once a sealed challenge has ended.
    var sealed: [UInt8]
    var attemptLimit: Int
    /// Wrong codes in a row for this contact before this challenge. Plain challenges only.
    var earlierFailures = 0
    /// Unix milliseconds.
    var createdAt: Int64
    var expiresAt: Int64
    /// When the last message with this code was sent.
    var sentAt: Int64?
    /// The signed target key of a sealed challenge; public.
    var targetBundle = ""
    /// Stored and answered like any other, sent to nobody.
    var isDecoy = false
    /// The code is a test recipient's fixed one. A live key may try it, though the challenge is one of test.
    var isFixed = false
    /// What the code is for besides the contact, as a digest.
    var claims = ""
    /// What its sender wants to hear back, as JSON; empty for nothing.
    var metadata = ""
    /// The ranges that its messages are counted under; nil for mail, in test, and for what was never sent.
    var traits: ChallengeTraits?

    /// Whether a caller may know of it: live and test never meet, a test recipient's code excepted.
    func isOf(_ caller: PasscodeCaller) -> Bool {
        caller.triesFixedCodes ? isFixed : mode == caller.mode || caller.mode == .live && isFixed
    }

    var record: SealedRecord { SealedRecord(workspace: workspace, record: id, sealed: sealed) }

    /// True while the enclave that runs now would still accept its code.
    func isAlive(at now: Int64, boot current: BootIdentifier, usedAttempts: Int) -> Bool {
        state == .pending && expiresAt > now && boot == current && usedAttempts < attemptLimit
    }
}
