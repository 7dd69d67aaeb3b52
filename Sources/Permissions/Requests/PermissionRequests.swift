import AuditLog
import EnclaveLink
import Policies
import Storage
import Workspaces

/// Permissions: asked for, decided, handed out, used, revoked, expired.
///
/// A permission of another workspace, of another agent, or of the other mode is `notFound`, as one that does not exist.
public struct PermissionRequests: Sendable {
    /// Requests of one agent that wait for people at a time.
    public static let pendingLimit = 20
    /// Wrong numbers after which a request is denied.
    public static let wrongNumberLimit = 3

    let database: any Database
    let policies: PolicyDirectory
    let journal: PermissionJournal
    let signer: PermissionTokenSigner?
    let clock: WallClock

    /// - Parameter signer: nil where tokens have no signed form.
    public init(
        database: any Database, policies: PolicyDirectory, journal: PermissionJournal,
        signer: PermissionTokenSigner? = nil, clock: WallClock = .system
    ) {
        self.database = database
        self.policies = policies
        self.journal = journal
        self.signer = signer
        self.clock = clock
    }
}
