import Encodings
import Storage

extension Caller {
    /// Whether the key is accepted from an address, without port: it has to be on the key's own list and on its
    /// workspace's, where there are such.
    func isAccepted(from address: String?) -> Bool {
        limits.addresses.admits(address) && workspace.settings.allowedAddresses.admits(address)
    }
}

extension APIKey {
    /// What is wrong with a key that let somebody in a while ago: `keyRevoked`, `keyExpired` or `addressNotAllowed`, nil
    /// where nothing is. For units of work that must not rest on what was true then.
    ///
    /// - Parameters:
    ///   - address: from where the key was used, without port.
    ///   - now: Unix milliseconds.
    public static func whyNotInForce(
        _ id: String, workspace: String, from address: String?, at now: Int64, in transaction: any Transaction
    ) throws -> WorkspaceError? {
        guard let key = try find(id, workspace: workspace, in: transaction), key.revokedAt == nil else {
            return .keyRevoked()
        }
        guard key.isInForce(at: now) else { return .keyExpired() }
        guard
            let row = try transaction.row("SELECT settings FROM workspace WHERE id = $1", [.text(workspace)])
        else { return .keyRevoked() }
        let settings = try SettingsCache.shared.settings(try row.text(0))
        let isAccepted = key.limits.addresses.admits(address) && settings.allowedAddresses.admits(address)
        return isAccepted ? nil : .addressNotAllowed()
    }
}
