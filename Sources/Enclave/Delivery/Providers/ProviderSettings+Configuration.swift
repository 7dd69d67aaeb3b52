import Configuration
import EnclaveLink
import Encodings

extension ProviderSettings {
    /// Names that mean something else in outcomes, logs and routes.
    private static let reservedNames: Set = [
        Greeting.inbox, SMTPSettings.providerName, CaptchaSettings.providerName, "none",
    ]
    private static let longestName = 32

    /// Reads the list `providers`.
    ///
    /// - Parameter folder: what paths in the list are relative to.
    /// - Throws: `ConfigurationError`, which names file, line and what is allowed, and quotes no secret.
    static func list(_ root: Section, folder: String) throws(ConfigurationError) -> [ProviderSettings] {
        var list: [ProviderSettings] = []
        for section in try root.sections("providers") ?? [] {
            let entry = try ProviderSettings(section, folder: folder)
            guard !list.contains(where: { $0.name == entry.name }) else {
                throw section.error("name", "must differ from the others'; \(entry.name) is there already")
            }
            list.append(entry)
        }
        guard list.count <= limit else { throw root.error("providers", "must be at most \(limit)") }
        return list
    }

    private init(_ section: Section, folder: String) throws(ConfigurationError) {
        let types = MessageProviderTypes.all
        let typeName = try section.requiredChoice("type", of: types.map { $0.typeName })
        guard let type = types.first(where: { $0.typeName == typeName }) else {
            throw section.error("type", "is unknown")
        }
        name = try section.string("name") ?? typeName
        guard Self.isName(name) else {
            throw section.error(
                "name", "must be at most \(Self.longestName) of a-z, 0-9 and -, and not \(Self.reservedList)")
        }
        provider = try type.init(ProviderSection(section: section, folder: folder))
        certificateAuthorities = try section.certificateAuthorities(folder: folder)
        connections = try section.integer("connections", in: Self.connectionRange) ?? Self.usualConnections
        try section.finish()
    }

    private static var reservedList: String { reservedNames.sorted().joined(separator: ", ") }

    private static func isName(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { $0.isLowercaseLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
        return isPlain && text.utf8.count <= longestName && !reservedNames.contains(text)
    }
}
