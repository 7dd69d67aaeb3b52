/// A JSON value as strict readers of signed texts need it: members in order, no name twice (RFC 8259).
public enum JSONValue: Sendable, Hashable {
    /// One name and its value.
    public struct Member: Sendable, Hashable {
        /// The name, with escapes resolved.
        public let name: String
        /// The value.
        public let value: JSONValue

        /// A member; whoever makes an object of members sees to it that no name occurs twice.
        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    case null
    case boolean(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    case string(String)
    case array([JSONValue])
    /// The members in the order of the text; no name occurs twice.
    case object([Member])

    /// The value of the member `name`, or nil where there is none or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text, or nil where this is no string.
    public var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number, or nil where this is no number.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The elements, or nil where this is no array.
    public var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members, or nil where this is no object.
    public var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}
