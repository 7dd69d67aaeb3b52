import JOSE

/// What one entry of a scope says. `of` is the name of the detail that it looks at.
enum ScopeRule: Sendable, Equatable {
    /// `max_x`: x is a number, this or less.
    case atMost(ExactNumber, of: String)
    /// `min_x`: x is a number, this or more.
    case atLeast(ExactNumber, of: String)
    /// `allowed_xs`: x is one of these.
    case allowed([AllowedValue], of: DetailNames)
    /// `x_pattern`: x is a text in which all of these are found.
    case patterns([Pattern], of: String)
    /// `max_uses`: the token works this often.
    case uses(Int)
    /// `require_details`: whether a use must state each detail that a constraint looks at.
    case detailsRequired(Bool)
    /// Any other name.
    case plain(JSONValue)

    /// Whether it is a limit by its name, whatever the action.
    var isConstraint: Bool { if case .plain = self { false } else { true } }

    /// The most uses of one token.
    private static let mostUses = 1_000_000
}

extension ScopeRule {
    /// Reads the entry `name`. A name that begins like a constraint is one, even if it also ends like another.
    init(name: String, value: JSONValue) throws(ValueFault) {
        if name == "max_uses" {
            self = .uses(try Self.uses(value))
        } else if name == "require_details" {
            guard case .boolean(let isRequired) = value else { throw ValueFault(message: "must be true or false") }
            self = .detailsRequired(isRequired)
        } else if let detail = name.after("max_") {
            self = .atMost(try Self.number(value), of: detail)
        } else if let detail = name.after("min_") {
            self = .atLeast(try Self.number(value), of: detail)
        } else if let details = name.after("allowed_") {
            self = .allowed(try Self.allowed(value), of: DetailNames(plural: details))
        } else if let detail = name.before("_pattern") {
            self = .patterns(try Self.patterns(value), of: detail)
        } else {
            self = .plain(value)
        }
    }

    private static func uses(_ value: JSONValue) throws(ValueFault) -> Int {
        guard let number = ExactNumber(value)?.wholeNumber, 1...mostUses ~= number else {
            throw ValueFault(message: "must be a whole number from 1 to \(mostUses)")
        }
        return number
    }

    private static func number(_ value: JSONValue) throws(ValueFault) -> ExactNumber {
        guard let number = ExactNumber(value) else { throw ValueFault(message: "must be a number") }
        return number
    }

    private static func allowed(_ value: JSONValue) throws(ValueFault) -> [AllowedValue] {
        guard let elements = value.elements, !elements.isEmpty else {
            throw ValueFault(message: "must be a list of what is allowed")
        }
        var values: [AllowedValue] = []
        for element in elements {
            guard let value = AllowedValue(element) else {
                throw ValueFault(message: "must list texts, numbers, true or false")
            }
            values.append(value)
        }
        return values
    }

    private static func patterns(_ value: JSONValue) throws(ValueFault) -> [Pattern] {
        let elements = value.elements ?? [value]
        guard !elements.isEmpty else { throw ValueFault(message: "must be a pattern, or a list of patterns") }
        var patterns: [Pattern] = []
        for element in elements {
            guard let text = element.text else { throw ValueFault(message: "must be a pattern") }
            patterns.append(try Pattern(text))
        }
        return patterns
    }
}

extension ScopeRule {
    /// The value of the entry as JSON.
    var value: JSONValue {
        switch self {
        case .atMost(let number, _), .atLeast(let number, _): number.value
        case .allowed(let values, _): .array(values.map(\.value))
        case .patterns(let patterns, _):
            patterns.count == 1 ? .string(patterns[0].text) : .array(patterns.map { .string($0.text) })
        case .uses(let count): .integer(Int64(count))
        case .detailsRequired(let isRequired): .boolean(isRequired)
        case .plain(let value): value
        }
    }
}

extension String {
    /// What follows `prefix`, if something does.
    fileprivate func after(_ prefix: String) -> String? {
        hasPrefix(prefix) && utf8.count > prefix.utf8.count ? String(dropFirst(prefix.count)) : nil
    }

    /// What stands before `suffix`, if something does.
    fileprivate func before(_ suffix: String) -> String? {
        hasSuffix(suffix) && utf8.count > suffix.utf8.count ? String(dropLast(suffix.count)) : nil
    }
}
