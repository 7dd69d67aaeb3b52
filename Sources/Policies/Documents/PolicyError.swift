import Encodings

/// Why a policy, a set of policies, a request or a scope was refused: for each field what is wrong and what is allowed.
///
/// Equal by code. The messages are for whoever wrote the refused text; they quote at most short pieces of it.
public struct PolicyError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was refused.
    public enum Code: String, Sendable, CaseIterable {
        /// A policy's document does not say what a policy may say.
        case invalidPolicy
        /// A policy can never decide, because one before it matches whatever it matches.
        case unreachablePolicy
        /// More policies in a set than are evaluated fast.
        case tooManyPolicies
        /// An action that is not lower-case `category.operation`, or a field of a request that is too long.
        case invalidRequest
        /// A scope with a constraint of the wrong type.
        case invalidScope
    }

    /// One thing that is wrong.
    public struct Fault: Sendable, Hashable, CustomStringConvertible {
        /// The name of the policy that it is about, where there are several.
        public let policy: String?
        /// Where, such as `conditions.scope.amount.lessThan`; empty where it is the whole.
        public let field: String
        /// What is wrong and what is allowed there.
        public let message: String

        /// A fault at `field`.
        public init(policy: String? = nil, field: String, message: String) {
            self.policy = policy
            self.field = field
            self.message = message
        }

        /// On one line, such as `policy "Small transfers": priority must be a whole number`.
        public var description: String {
            let place = policy.map { "policy \(JSONText.quoted($0)): " } ?? ""
            return place + (field.isEmpty ? message : "\(field) \(message)")
        }
    }

    /// What was refused.
    public let code: Code
    /// Everything that is wrong; never empty.
    public let faults: [Fault]
    /// Where the error was raised, for the log.
    public let place: String

    /// An error about these faults.
    public init(_ code: Code, _ faults: [Fault], file: String = #fileID, line: Int = #line) {
        self.code = code
        self.faults = faults
        place = "\(file):\(line)"
    }

    /// An error about one fault.
    public init(_ code: Code, field: String, _ message: String, file: String = #fileID, line: Int = #line) {
        self.init(code, [Fault(field: field, message: message)], file: file, line: line)
    }

    /// The messages by field, as `details` of an answer with status 422.
    public var details: [String: [String]] { Dictionary(grouping: faults, by: \.field).mapValues { $0.map(\.message) } }

    /// All faults on one line, such as `name is missing; priority must be a whole number`.
    public var message: String { faults.map(\.description).joined(separator: "; ") }

    /// Compares the codes only.
    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }

    /// The message and the place.
    public var description: String { "\(message) (\(place))" }
}
