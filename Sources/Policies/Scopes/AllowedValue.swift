import JOSE

/// One entry of a list of what something may be: a text in which `*` stands for any characters, a number, true or false.
enum AllowedValue: Sendable, Equatable {
    case text(Wildcard)
    case number(ExactNumber)
    case boolean(Bool)

    init?(_ value: JSONValue) {
        switch value {
        case .string(let text): self = .text(Wildcard(text))
        case .boolean(let value): self = .boolean(value)
        default:
            guard let number = ExactNumber(value) else { return nil }
            self = .number(number)
        }
    }

    var value: JSONValue {
        switch self {
        case .text(let wildcard): .string(wildcard.text)
        case .number(let number): number.value
        case .boolean(let value): .boolean(value)
        }
    }

    /// Whether this entry allows `value`. A value of another type is not allowed: `5` does not allow `"5"`.
    func allows(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.text(let wildcard), .string(let text)): wildcard.matches(text)
        case (.boolean(let one), .boolean(let other)): one == other
        case (.number(let number), _): ExactNumber(value) == number
        default: false
        }
    }

    /// Whether this entry allows all that `other` allows.
    func covers(_ other: AllowedValue) -> Bool {
        // The stars of the other stand for characters that only a star of this one can take in.
        allows(other.value)
    }
}
