import Configuration

extension DeliverySettings {
    /// Reads the delivery settings of `enclave.yaml`.
    ///
    /// - Parameter folder: where relative paths start.
    /// - Throws: `ConfigurationError`, which names file, line and what is allowed, and quotes no credential.
    init(_ root: Section, folder: String) throws(ConfigurationError) {
        let smtp = try root.section("smtp").map { section throws(ConfigurationError) in
            try SMTPSettings(section, folder: folder)
        }
        self.init(smtp: smtp, usesInbox: try root.boolean("inbox") ?? true)
        services = try ProviderSettings.list(root, folder: folder)
        links = try (root.strings("links") ?? []).map { text throws(ConfigurationError) in
            guard let prefix = LinkPrefix(text) else {
                throw root.error("links", "must be addresses such as https://app.example.com/verify?code=")
            }
            return prefix
        }
    }
}
