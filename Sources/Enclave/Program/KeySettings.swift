import Configuration

/// What `enclave.yaml` says of the master key and of the logs' anchor. The process that keeps the keys, and the commands
/// that people run, read this and nothing else of the file: they need no provider's credential, so they are given none.
struct KeySettings: Equatable, Sendable {
    private static let usualAnchor = "log.anchor"

    /// Nil where the master key stands in its file in the clear.
    var vault: VaultSettings?
    /// What wrapped the master key before, for `countersign vault rewrap`.
    var previousVault: VaultSettings?
    /// The file that keeps the heads of the audit logs.
    var anchorPath: String

    /// - Parameters:
    ///   - root: the whole file.
    ///   - folder: where a relative path starts.
    init(_ root: Section, folder: String) throws(ConfigurationError) {
        vault = try Self.vault("vault", root, folder: folder)
        previousVault = try Self.vault("previous_vault", root, folder: folder)
        anchorPath = try root.section("audit_log")?.string("anchor_file") ?? Self.usualAnchor
        if !anchorPath.hasPrefix("/") { anchorPath = "\(folder)/\(anchorPath)" }
    }

    /// Reads these settings alone. A name on the outermost level that is nobody's is refused all the same: it may be a
    /// misspelt `vault`, without which a master key would be written in the clear.
    ///
    /// - Throws: `ConfigurationError`, which names file, line and what is allowed.
    init(configurationFile path: String, credentials: CredentialFolder = .ofProcess) throws(ConfigurationError) {
        let root = try ConfigurationFile(path: path, credentials: credentials).root
        try self.init(root, folder: SettingsFile.folder(of: path))
        try root.finishNames(besides: EnclaveSettings.names)
    }

    private static func vault(
        _ name: String, _ root: Section, folder: String
    ) throws(ConfigurationError) -> VaultSettings? {
        guard let section = try root.section(name) else { return nil }
        let settings = try VaultSettings(section, folder: folder)
        try section.finish()
        return settings
    }
}
