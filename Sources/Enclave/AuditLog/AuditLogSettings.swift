import Configuration

/// The section `audit_log` of `enclave.yaml`.
struct AuditLogSettings: Equatable, Sendable {
    private static let usualName = "log.anchor"

    /// The file that keeps the heads of the logs.
    var anchorPath: String
    /// Who cosigns the heads.
    var witnesses: [WitnessSettings]

    /// - Parameters:
    ///   - root: the whole file.
    ///   - folder: where a relative path starts.
    init(_ root: Section, folder: String) throws(ConfigurationError) {
        let section = try root.section("audit_log")
        let name = try section?.string("anchor_file") ?? Self.usualName
        witnesses =
            try section.map { section throws(ConfigurationError) in
                try WitnessSettings.list(section, folder: folder)
            } ?? []
        try section?.finish()
        anchorPath = name.hasPrefix("/") ? name : "\(folder)/\(name)"
    }
}
