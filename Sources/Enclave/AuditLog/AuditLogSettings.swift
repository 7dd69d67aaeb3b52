import Configuration

/// The section `audit_log` of `enclave.yaml`, but for the anchor (``KeySettings``).
struct AuditLogSettings: Equatable, Sendable {
    /// Who cosigns the heads.
    var witnesses: [WitnessSettings]

    /// - Parameters:
    ///   - root: the whole file.
    ///   - folder: where a relative path starts.
    init(_ root: Section, folder: String) throws(ConfigurationError) {
        let section = try root.section("audit_log")
        witnesses =
            try section.map { section throws(ConfigurationError) in
                try WitnessSettings.list(section, folder: folder)
            } ?? []
    }
}
