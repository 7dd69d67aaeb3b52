import JOSE

extension ConditionTest {
    /// The longest text that a value is compared with, in characters, and the most values of a list.
    static let longestText = 1_000
    static let mostValues = 1_000

    /// Reads what stands after an operator, for a value that `path` leads to.
    init(_ operation: ConditionOperator, _ value: JSONValue, for path: ConditionPath) throws(ValueFault) {
        let content = path.content
        guard content.operators.contains(operation) else {
            let fitting = content.operators.map(\.rawValue).joined(separator: ", ")
            throw ValueFault(message: "says nothing about \(path.text); there are \(fitting)")
        }
        switch operation {
        case .equals: self = .equals(try Self.value(value, content))
        case .notEquals: self = .notEquals(try Self.value(value, content))
        case .isIn: self = .isIn(try Self.list(value, content))
        case .notIn: self = .notIn(try Self.list(value, content))
        case .lessThan: self = .lessThan(try Self.number(value, content))
        case .greaterThan: self = .greaterThan(try Self.number(value, content))
        case .lessThanOrEqual: self = .lessThanOrEqual(try Self.number(value, content))
        case .greaterThanOrEqual: self = .greaterThanOrEqual(try Self.number(value, content))
        case .startsWith: self = .startsWith(try Self.piece(value, path))
        case .endsWith: self = .endsWith(try Self.piece(value, path))
        case .contains:
            // Of a text a piece, of a list an element.
            if case .anything = content, value.text == nil {
                self = .contains(try Self.value(value, content))
            } else {
                self = .contains(.string(try Self.piece(value, path)))
            }
        case .matches: self = .matches(try Self.pattern(value))
        case .exists:
            guard case .boolean(let isThere) = value else { throw ValueFault(message: "must be true or false") }
            self = .exists(isThere)
        }
    }

    private static func value(_ value: JSONValue, _ content: ConditionContent) throws(ValueFault) -> JSONValue {
        if let message = content.fault(comparingWith: value) { throw ValueFault(message: message) }
        if let text = value.text, text.count > longestText {
            throw ValueFault(message: "must have at most \(longestText) characters")
        }
        return value
    }

    private static func list(_ value: JSONValue, _ content: ConditionContent) throws(ValueFault) -> [JSONValue] {
        guard let elements = value.elements, 1...mostValues ~= elements.count else {
            throw ValueFault(message: "must be a list of 1 to \(mostValues) values")
        }
        for element in elements { _ = try Self.value(element, content) }
        return elements
    }

    private static func number(_ value: JSONValue, _ content: ConditionContent) throws(ValueFault) -> ExactNumber {
        guard let number = ExactNumber(value) else { throw ValueFault(message: "must be a number") }
        if let message = content.fault(comparingWith: value) { throw ValueFault(message: message) }
        return number
    }

    /// A piece of a text. An empty one is in every text, which nobody means.
    private static func piece(_ value: JSONValue, _ path: ConditionPath) throws(ValueFault) -> String {
        guard let text = value.text, 1...longestText ~= text.count else {
            throw ValueFault(message: "must be a text of 1 to \(longestText) characters")
        }
        if path == .action, !ActionName.canContain(text) {
            throw ValueFault(message: "is in no action: actions are lower-case category.operation, without *")
        }
        return text
    }

    private static func pattern(_ value: JSONValue) throws(ValueFault) -> Pattern {
        guard let text = value.text, !text.isEmpty else { throw ValueFault(message: "must be a pattern") }
        return try Pattern(text)
    }
}
