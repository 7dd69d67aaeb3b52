import JOSE

/// What kind of value a path leads to, and so which operators fit.
enum ConditionContent {
    case action, text, optionalText, anything, hour, weekday, count

    static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    private static let ofText: [ConditionOperator] = [
        .equals, .notEquals, .startsWith, .endsWith, .contains, .matches, .isIn, .notIn,
    ]
    private static let ofOrder: [ConditionOperator] = [
        .lessThan, .greaterThan, .lessThanOrEqual, .greaterThanOrEqual,
    ]
    private static let ofChoice: [ConditionOperator] = [.equals, .notEquals, .isIn, .notIn]

    /// The operators that can tell something about such a value.
    var operators: [ConditionOperator] {
        switch self {
        case .action, .text: Self.ofText
        case .optionalText: Self.ofText + [.exists]
        case .anything: ConditionOperator.allCases
        case .hour: Self.ofChoice + Self.ofOrder
        case .weekday: Self.ofChoice
        case .count: Self.ofOrder
        }
    }

    /// What is wrong with comparing such a value with `value`; nil where nothing is.
    func fault(comparingWith value: JSONValue) -> String? {
        switch self {
        case .action:
            let isAction = value.text.map(ActionName.isValid) == true
            return isAction ? nil : "must be lower-case category.operation; for all of a category use startsWith"
        case .text, .optionalText: return value.text == nil ? "must be a text" : nil
        case .anything:
            switch value {
            case .null, .array, .object: return "must be a text, a number, true or false"
            default: return nil
            }
        case .hour:
            return ExactNumber(value)?.wholeNumber.map { 0...23 ~= $0 } == true
                ? nil : "must be a whole hour from 0 to 23"
        case .weekday:
            let isDay = value.text.map(Self.weekdays.contains) == true
            return isDay ? nil : "must be one of \(Self.weekdays.joined(separator: ", "))"
        case .count:
            return ExactNumber(value)?.wholeNumber.map { $0 >= 0 } == true ? nil : "must be a whole number, 0 or more"
        }
    }
}
