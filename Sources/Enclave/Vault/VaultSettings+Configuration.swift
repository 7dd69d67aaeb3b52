import Configuration

extension VaultSettings {
    private static let labelLengths = 1...32

    /// Reads a section `vault` or `previous_vault`.
    ///
    /// - Parameter folder: what paths in the section are relative to.
    /// - Throws: `ConfigurationError`, which names file, line and what is allowed.
    init(_ section: Section, folder: String) throws(ConfigurationError) {
        let module = try section.requiredString("module")
        guard module.hasPrefix("/") else {
            throw section.error("module", "must be the absolute path of a PKCS #11 module (a shared library)")
        }
        self.init(
            module: module, token: try Self.token(section), key: try Self.label("key", section),
            pin: try Self.pin(section, folder: folder), environment: try Self.environment(section),
            holdsIdentityKeys: try section.boolean("identity_keys") ?? false)
    }

    private static func token(_ section: Section) throws(ConfigurationError) -> TokenName {
        switch (try section.string("token"), try section.integer("slot", in: 0...Int(Int32.max))) {
        case (.some, nil): .label(try label("token", section))
        case (nil, let slot?): .slot(slot)
        case (nil, nil): throw section.error("token", "is missing; set the token's label, or its slot")
        case (.some, .some): throw section.error("slot", "cannot be set together with token")
        }
    }

    private static func label(_ name: String, _ section: Section) throws(ConfigurationError) -> String {
        let label = try section.requiredString(name)
        guard labelLengths.contains(label.utf8.count), label.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            throw section.error(name, "must be a label of 1 to 32 printable ASCII characters")
        }
        return label
    }

    private static func pin(_ section: Section, folder: String) throws(ConfigurationError) -> PINSource {
        let file = try section.path("pin_file")
        let credential = try section.string("pin_credential")
        let fromDescriptor = try section.boolean("pin_descriptor") ?? false
        switch (file, credential, fromDescriptor) {
        case (let file?, nil, false): return .file(file.hasPrefix("/") ? file : "\(folder)/\(file)")
        case (nil, let name?, false):
            guard !name.isEmpty, name != ".", name != "..", !name.contains("/") else {
                throw section.error("pin_credential", "must be the name of a credential, without a path")
            }
            return .credential(name)
        case (nil, nil, true): return .descriptor
        default:
            throw section.error(
                "pin_file", "must be set, or else pin_credential or pin_descriptor: true, and only one of them")
        }
    }

    private static func environment(_ section: Section) throws(ConfigurationError) -> [String: String] {
        guard let variables = try section.section("environment") else { return [:] }
        var environment: [String: String] = [:]
        for name in variables.names { environment[name] = try variables.requiredString(name) }
        return environment
    }
}
