import Configuration
import EnclaveLink

/// `enclave.yaml`.
struct EnclaveSettings: Equatable, Sendable {
    /// What happens where the kernel offers no system-call filter.
    enum SandboxDemand: String, CaseIterable, Sendable {
        /// The enclave does not start.
        case required
        /// It starts, and says in its greeting that the wall is missing.
        case optional
    }

    var delivery: DeliverySettings
    /// Nil where the file names no captcha.
    var captcha: CaptchaSettings?
    /// Nil where there is nobody to vouch for receivers.
    var webhooks: WebhookSettings?
    var auditLog: AuditLogSettings
    var sandbox: SandboxDemand
    var keys: KeySettings

    /// Everyone whom the host may open streams to, receivers of webhooks beside, as the greeting tells it.
    var providers: [ConfiguredProvider] {
        delivery.providers + (captcha.map { [$0.provider] } ?? []) + auditLog.witnesses.map(\.provider)
    }

    /// Reads the file with the files that it names. A file that does not exist has every default.
    ///
    /// - Parameters:
    ///   - path: the file; paths inside it are relative to its folder.
    ///   - credentials: where `credential:NAME` in it leads.
    /// - Throws: `ConfigurationError`, which names file, line and what is allowed, and quotes no credential.
    init(configurationFile path: String, credentials: CredentialFolder = .ofProcess) throws(ConfigurationError) {
        let root = try ConfigurationFile(path: path, credentials: credentials).root
        try self.init(root, folder: SettingsFile.folder(of: path))
        try root.finish()
    }

    private init(_ root: Section, folder: String) throws(ConfigurationError) {
        delivery = try DeliverySettings(root, folder: folder)
        captcha = try root.section("captcha").map { section throws(ConfigurationError) in
            try CaptchaSettings(section, folder: folder)
        }
        webhooks =
            try root.section("webhooks").map { section throws(ConfigurationError) in
                try WebhookSettings(section, folder: folder)
            } ?? .usual
        keys = try KeySettings(root, folder: folder)
        auditLog = try AuditLogSettings(root, folder: folder)
        sandbox = try root.choice("sandbox", of: SandboxDemand.self) ?? .required
    }

    /// The names that may stand on the outermost level of the file.
    static var names: [String] {
        get throws(ConfigurationError) {
            let root = try ConfigurationFile(bytes: [], name: "").root
            _ = try Self(root, folder: "")
            return root.known
        }
    }
}
