/// Whether a condition holds for a request.
enum Finding: Sendable {
    case holds
    case fails
    /// The request has a value there that cannot be compared, or none where the condition is that it differs. A rule
    /// that denies or asks a person takes that for a match, one that approves does not.
    case unsure

    init(_ holds: Bool) { self = holds ? .holds : .fails }

    var inverted: Finding {
        switch self {
        case .holds: .fails
        case .fails: .holds
        case .unsure: .unsure
        }
    }

    /// Both conditions together.
    func and(_ other: Finding) -> Finding {
        switch (self, other) {
        case (.fails, _), (_, .fails): .fails
        case (.unsure, _), (_, .unsure): .unsure
        default: .holds
        }
    }
}

extension PolicyAction {
    /// Whether a rule with this action takes `finding` for a match.
    func matches(_ finding: Finding) -> Bool {
        switch finding {
        case .holds: true
        case .fails: false
        case .unsure: self != .autoApprove
        }
    }
}
