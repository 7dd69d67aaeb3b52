import Configuration
import EnclaveLink

extension WebhookSettings {
    /// Where the file has no section `webhooks`: any host with a public address, and the system's authorities. Nil where
    /// the system has none; then no webhook is delivered.
    static var usual: Self? { CertificateAuthorities.system.map { Self(certificateAuthorities: $0) } }

    /// Reads the section `webhooks`.
    ///
    /// - Parameter folder: what paths in the section are relative to.
    /// - Throws: `ConfigurationError`, which names file, line and what is allowed.
    init(_ section: Section, folder: String) throws(ConfigurationError) {
        reach = WebhookReach(
            hosts: try Self.patterns("hosts", section), privateHosts: try Self.patterns("private_hosts", section) ?? [])
        certificateAuthorities = try section.certificateAuthorities(folder: folder)
    }

    private static func patterns(_ name: String, _ section: Section) throws(ConfigurationError) -> [HostPattern]? {
        guard let texts = try section.strings(name) else { return nil }
        let patterns = texts.compactMap { HostPattern($0) }
        guard patterns.count == texts.count, texts.count <= WebhookReach.patternLimit else {
            throw section.error(
                name,
                "must be at most \(WebhookReach.patternLimit) hosts such as hooks.example.com, *.example.com or 192.0.2.1"
            )
        }
        return patterns
    }
}
