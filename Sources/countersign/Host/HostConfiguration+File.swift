import Configuration
import EnclaveLink
import Logging
import Passcodes
import Webhooks

extension HostConfiguration {
    /// Reads the file; an absent one is empty. Throws `ConfigurationError` with file, line and what is allowed.
    static func load(_ directory: DataDirectory) throws(ConfigurationError) -> HostConfiguration {
        let root = try ConfigurationFile(path: directory.configuration).root
        var configuration = HostConfiguration()
        configuration.issuer = try readIssuer(root)
        configuration.listen = try readListen(root) ?? configuration.listen
        configuration.enclaveSocket = try root.string("enclave_socket")
        try configuration.readEdge(root)
        if let section = try root.section("log") { try configuration.readLog(section) }
        if let section = try root.section("identity_tokens") { try configuration.readTokens(section) }
        if let section = try root.section("limits") { try configuration.readLimits(section) }
        if let section = try root.section("webhooks") { try configuration.readWebhooks(section) }
        if let section = try root.section("operator") { try configuration.readOperator(section) }
        if let section = try root.section("leaked_keys") {
            try configuration.readLeaks(section, beside: directory.configuration)
        }
        if let section = try root.section("security_txt") {
            configuration.securityContact = try readSecurityContact(section)
        }
        try root.finish()
        return configuration
    }

    private static func readIssuer(_ root: Section) throws(ConfigurationError) -> String? {
        guard let text = try root.string("issuer") else { return nil }
        guard isIssuer(text) else {
            throw root.error(
                "issuer", "must be an address such as https://login.example.com, without a slash at the end")
        }
        return text
    }

    private static func readListen(_ root: Section) throws(ConfigurationError) -> ListenAddress? {
        guard let text = try root.string("listen") else { return nil }
        guard let address = ListenAddress(argument: text) else {
            throw root.error("listen", "must be HOST:PORT such as 127.0.0.1:3000 or [::1]:3000")
        }
        return address
    }

    private mutating func readLog(_ section: Section) throws(ConfigurationError) {
        logFormat = try section.choice("format", of: LogLine.Format.self) ?? logFormat
        logLevel = try section.choice("level", of: Logger.Level.self) ?? logLevel
    }

    private mutating func readTokens(_ section: Section) throws(ConfigurationError) {
        let algorithm = try section.choice("algorithm", of: ["RS256", "ES256"]) ?? "RS256"
        let bits = try section.choice("rsa_bits", of: ["2048", "3072"]) ?? "2048"
        self.algorithm =
            algorithm == "ES256" ? .es256 : bits == "3072" ? .rs256With3072Bits : .rs256With2048Bits
        rotationDays = try section.integer("rotation_days", in: 1...365) ?? rotationDays
        publishTestKey = try section.choice("publish_test_key", of: PublishTestKey.self) ?? publishTestKey
    }

    private mutating func readLimits(_ section: Section) throws(ConfigurationError) {
        server.maximumConnections = try section.integer("connections", in: 1...1_000_000) ?? server.maximumConnections
        server.maximumWaiting = try section.integer("waiting", in: 0...1_000_000) ?? server.maximumWaiting
    }

    private mutating func readWebhooks(_ section: Section) throws(ConfigurationError) {
        guard let pauses = try section.integers("retry_seconds", in: RetrySchedule.range) else { return }
        guard RetrySchedule.counts.contains(pauses.count) else {
            throw section.error("retry_seconds", "must have at most \(RetrySchedule.counts.upperBound) numbers")
        }
        webhookRetries = RetrySchedule(pauses: pauses)
    }

    private static func isIssuer(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://")) && !text.hasSuffix("/") && text.utf8.count <= 255
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
            && !text.contains("?") && !text.contains("#") && !text.contains("@")
    }
}
