@testable import CountersignClient

extension CountersignError {
    /// An error to compare with: only codes count.
    static func code(_ code: Code) -> Self { Self(code, "") }
}
