import EnclaveLink

extension KeySettings {
    /// What a start with these settings makes of a master keys' file that is wrapped so.
    func outlook(of wrapping: VaultDescription.Wrapping?) -> VaultDescription.Outlook {
        if wrapping == vault?.wrapping { return .settled }
        guard let wrapping, wrapping == previousVault?.wrapping else { return .unnamed }
        return .awaitsRewrap
    }
}
