import Encodings
import FoundationEssentials

extension WorkspaceSettings {
    /// Takes over what a merge patch names (RFC 7396): `null` brings a setting's default back.
    /// Throws `invalidSetting`, which names a setting whose value is of the wrong kind, and what it may be.
    public mutating func merge(_ patch: [String: SettingValue]) throws(WorkspaceError) {
        do {
            var values = try JSONDecoder().decode([String: SettingValue].self, from: try JSONEncoder().encode(self))
            for (name, value) in patch { values[name] = value == .null ? nil : value }
            self = try JSONDecoder().decode(WorkspaceSettings.self, from: try JSONEncoder().encode(values))
        } catch let error as DecodingError {
            guard let setting = Self.setting(of: error) else {
                throw .invalidSetting("a setting has a value that is not allowed")
            }
            throw setting.refusal(Self.fault(in: patch[setting.rawValue], of: setting))
        } catch {
            throw .invalidSetting("the settings cannot be read")
        }
    }

    /// The settings that differ, sorted by name: as `name=value` where the audit log may have the value, else the name
    /// alone.
    func names(differingFrom before: WorkspaceSettings) -> [String] {
        func values(_ settings: WorkspaceSettings) -> [String: SettingValue] {
            guard let data = try? JSONEncoder().encode(settings) else { return [:] }
            return (try? JSONDecoder().decode([String: SettingValue].self, from: data)) ?? [:]
        }
        let (new, old) = (values(self), values(before))
        return Set(new.keys).union(old.keys).filter { new[$0] != old[$0] }.sorted()
            .map { name in
                guard CodingKeys(rawValue: name)?.hasClosedValues == true else { return name }
                return "\(name)=\(new[name]?.text ?? "default")"
            }
    }

    private static func fault(in value: SettingValue?, of setting: CodingKeys) -> String? {
        guard setting == .allowedAddresses, case .list(let texts) = value else { return nil }
        return AddressList.fault(in: texts)
    }

    private static func setting(of error: DecodingError) -> CodingKeys? {
        let path: [any CodingKey]
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            path = context.codingPath
        @unknown default: path = []
        }
        return path.first.flatMap { CodingKeys(rawValue: $0.stringValue) }
    }
}
