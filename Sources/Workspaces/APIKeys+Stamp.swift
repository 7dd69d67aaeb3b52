import AuditLog
import SealedPasscodes
import Storage

extension APIKeys {
    /// Registers a P-256 public key with which a back end stamps requests; nobody but the back end has the private half.
    /// `lifetime` is in days, 1…3650; nil for a key that does not expire.
    /// Throws `invalidSetting`, also for a key that is or was registered anywhere.
    public func register(
        stamp: P256PublicKey, workspace: String, name: String, lifetime: Int? = nil, origin: RequestOrigin
    ) async throws(WorkspaceError) -> APIKey {
        throw .unavailable("not built yet")
    }

    /// The caller behind a stamp whose signature holds. Throws `keyInvalid`, `keyRevoked`, `keyExpired`.
    public func caller(stampedBy key: P256PublicKey) async throws(WorkspaceError) -> Caller {
        throw .unavailable("not built yet")
    }
}
