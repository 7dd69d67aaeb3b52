import Configuration
import EnclaveLink
import Logging
import Passcodes

extension HostConfiguration {
    /// Reads the file; an absent one is empty. Throws `ConfigurationError` with file, line and what is allowed.
    static func load(_ directory: DataDirectory) throws(ConfigurationError) -> HostConfiguration {
        let file = try ConfigurationFile(path: directory.configuration)
        var root = file.root
        var configuration = HostConfiguration()
        configuration.issuer = try root.string("issuer", matching: issuer, "an address such as https://login.example.com, without a slash at the end")
        if let listen = try root.string("listen", matching: { ListenAddress(argument: $0) != nil }, "HOST:PORT") {
            configuration.listen = ListenAddress(argument: listen) ?? .usual
        }
        if var section = try root.section("log") { try configuration.readLog(&section) }
        if var section = try root.section("identity_tokens") { try configuration.readTokens(&section) }
        if var section = try root.section("limits") { try configuration.readLimits(&section) }
        try root.finish()
        return configuration
    }

    private mutating func readLog(_ section: inout Section) throws(ConfigurationError) {
        logFormat = try section.choice("format", of: LineLogHandler.Format.self) ?? logFormat
        logLevel = try section.choice("level", of: Logger.Level.self) ?? logLevel
        try section.finish()
    }

    private mutating func readTokens(_ section: inout Section) throws(ConfigurationError) {
        let algorithm = try section.choice("algorithm", of: ["RS256", "ES256"]) ?? "RS256"
        let bits = try section.choice("rsa_bits", of: ["2048", "3072"]) ?? "2048"
        self.algorithm =
            algorithm == "ES256" ? .es256 : bits == "3072" ? .rs256With3072Bits : .rs256With2048Bits
        rotationDays = try section.integer("rotation_days", in: 1...365) ?? rotationDays
        publishTestKey = try section.choice("publish_test_key", of: PublishTestKey.self) ?? publishTestKey
        try section.finish()
    }

    private mutating func readLimits(_ section: inout Section) throws(ConfigurationError) {
        server.maximumConnections = try section.integer("connections", in: 1...1_000_000) ?? server.maximumConnections
        try section.finish()
    }

    private static func issuer(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://")) && !text.hasSuffix("/") && text.utf8.count <= 255
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
            && !text.contains("?") && !text.contains("#")
    }
}
