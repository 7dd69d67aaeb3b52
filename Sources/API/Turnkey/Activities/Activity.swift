import HTTPServer
import SealedPasscodes

/// One submitted activity and what became of it.
struct Activity: Sendable {
    /// Who stamped it: the workspace's back ends speak for each other, everybody else for themselves.
    enum Submitter: Hashable, Sendable {
        case backEnd
        case key(P256PublicKey)
    }

    /// What makes two submissions the same one.
    struct Identity: Hashable, Sendable {
        var workspace: String
        var submitter: Submitter
        var kind: ActivityKind
        /// SHA-256 of the body.
        var fingerprint: [UInt8]
        /// SHA-256 of the verification token that spoke for the key; empty without one.
        var attestation: [UInt8] = []
    }

    enum Outcome: Sendable {
        case pending
        /// The members of the result.
        case completed([String: String])
        case failed(TurnkeyError)
    }

    var identity: Identity
    /// A UUID.
    var id: String
    var organization: String
    /// As the client named it.
    var type: String
    /// Unix milliseconds, as both times here.
    var createdAt: Int64
    var updatedAt: Int64
    var outcome = Outcome.pending
}
