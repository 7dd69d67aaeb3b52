import JOSE

/// One test of one thing in a request. A policy's conditions must all hold.
public struct PolicyCondition: Sendable, Equatable {
    let path: ConditionPath
    let test: ConditionTest

    /// What it looks at, as a policy writes it, such as `scope.amount`.
    public var field: String { path.text }
    /// The operator, as a policy writes it, such as `lessThan`.
    public var operation: String { test.name.rawValue }
    /// What the value is compared with, as JSON.
    public var expected: JSONValue { test.expected }
}
