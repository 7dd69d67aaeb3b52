import AuditLog
import Storage

extension Sessions {
    /// Ends any session of the caller's workspace and mode, as its back end may. Throws `sessionUnknown`.
    public func end(_ id: String, for caller: PasscodeCaller) async throws(PasscodeError) {
        throw .unavailable("not built yet")
    }
}
