import Configuration

extension DeliverySettings {
    /// Reads `enclave.yaml` with the files that it names. A file that does not exist configures no provider.
    ///
    /// - Parameter path: the file; paths inside it are relative to its folder.
    /// - Throws: `ConfigurationError`, which names file, line and what is allowed, and quotes no credential.
    public init(configurationFile path: String) throws(ConfigurationError) {
        let file = try ConfigurationFile(path: path)
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        self.init(
            smtp: try file.root.section("smtp").map { section throws(ConfigurationError) in
                try SMTPSettings(section, folder: folder)
            })
        try file.root.finish()
    }
}
