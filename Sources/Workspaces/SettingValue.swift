/// A setting's value in JSON: what a merge patch may carry.
public enum SettingValue: Equatable, Sendable, Codable {
    case null
    case boolean(Bool)
    case number(Int)
    case text(String)
    case list([String])

    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let boolean = try? value.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let number = try? value.decode(Int.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else {
            self = .list(try value.decode([String].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .boolean(let boolean): try value.encode(boolean)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .list(let texts): try value.encode(texts)
        }
    }

    /// As a person reads it.
    public var text: String {
        switch self {
        case .null: "none"
        case .boolean(let value): String(value)
        case .number(let value): String(value)
        case .text(let value): value
        case .list(let values): values.isEmpty ? "none" : values.joined(separator: ",")
        }
    }

    /// The text of a setting that must be one. Throws `invalidSetting`, which names it.
    public func text(_ name: String) throws(WorkspaceError) -> String {
        guard case .text(let text) = self else { throw .invalidSetting("\(name) must be a text") }
        return text
    }
}
