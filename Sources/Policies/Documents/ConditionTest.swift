import JOSE

/// What must be true of a value, with what it is compared with.
enum ConditionTest: Sendable, Equatable {
    /// The same text byte by byte, the same number by value, or the same of true and false.
    case equals(JSONValue)
    case notEquals(JSONValue)
    case lessThan(ExactNumber)
    case greaterThan(ExactNumber)
    case lessThanOrEqual(ExactNumber)
    case greaterThanOrEqual(ExactNumber)
    case startsWith(String)
    case endsWith(String)
    /// A text contains this text, or a list has this element.
    case contains(JSONValue)
    /// The pattern is found in a text.
    case matches(Pattern)
    /// Equals one of these.
    case isIn([JSONValue])
    case notIn([JSONValue])
    /// Whether there is such a member at all.
    case exists(Bool)

    /// The operator's name.
    var name: ConditionOperator {
        switch self {
        case .equals: .equals
        case .notEquals: .notEquals
        case .lessThan: .lessThan
        case .greaterThan: .greaterThan
        case .lessThanOrEqual: .lessThanOrEqual
        case .greaterThanOrEqual: .greaterThanOrEqual
        case .startsWith: .startsWith
        case .endsWith: .endsWith
        case .contains: .contains
        case .matches: .matches
        case .isIn: .isIn
        case .notIn: .notIn
        case .exists: .exists
        }
    }

    /// What the value is compared with, as JSON.
    var expected: JSONValue {
        switch self {
        case .equals(let value), .notEquals(let value), .contains(let value): value
        case .lessThan(let number), .greaterThan(let number), .lessThanOrEqual(let number),
            .greaterThanOrEqual(let number):
            number.value
        case .startsWith(let text), .endsWith(let text): .string(text)
        case .matches(let pattern): .string(pattern.text)
        case .isIn(let values), .notIn(let values): .array(values)
        case .exists(let isThere): .boolean(isThere)
        }
    }
}

/// The operators, as a policy writes them. `less_than` is read as `lessThan`, and so on.
enum ConditionOperator: String, Sendable, CaseIterable {
    case equals, notEquals, lessThan, greaterThan, lessThanOrEqual, greaterThanOrEqual
    case startsWith, endsWith, contains, matches
    case isIn = "in"
    case notIn, exists
}
