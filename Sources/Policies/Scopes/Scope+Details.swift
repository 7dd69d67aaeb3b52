import JOSE

/// Why a use goes beyond what was granted.
public struct ScopeViolation: Error, Sendable, Equatable {
    /// The entry of the scope that forbids it, such as `max_amount`; empty where it is the details as a whole.
    public let name: String
    /// What is wrong, on one line: for the caller and the audit.
    public let reason: String
}

extension Scope {
    /// Why a use with these details goes beyond this scope; nil where it does not.
    ///
    /// What is stated is checked. What is not stated is not, because the dialect makes all details optional, unless the
    /// scope says `require_details: true`: then the use must state each detail that a constraint looks at. `max_uses` is
    /// counted by whoever keeps the token.
    public func violation(in details: JSONValue?) -> ScopeViolation? {
        let isRequired = self["require_details"] == .detailsRequired(true)
        guard let details else {
            return isRequired ? ScopeViolation(name: "require_details", reason: "actionDetails are missing") : nil
        }
        guard details.members != nil else { return ScopeViolation(name: "", reason: "actionDetails must be an object") }
        if let words = misspelling(in: details) { return ScopeViolation(name: "", reason: words) }
        for entry in entries {
            if let words = entry.rule.fault(in: details, entry.name, isRequired: isRequired) {
                return ScopeViolation(name: entry.name, reason: words)
            }
        }
        return nil
    }
}

extension Scope {
    /// A detail that is spelt almost as one that this scope looks at: who reads names more loosely than we do would act
    /// on what nobody checked.
    private func misspelling(in details: JSONValue) -> String? {
        let known = Set(entries.flatMap { $0.rule.details(named: $0.name) })
        let spellings = Dictionary(known.map { ($0.looseSpelling, $0) }) { min($0, $1) }
        for member in details.members ?? [] where !known.contains(member.name) {
            if let meant = spellings[member.name.looseSpelling] {
                return "\(member.name.shortened) is unknown: did you mean \(meant.shortened)?"
            }
        }
        return nil
    }
}

extension String {
    /// The same for `sent_to`, `sentTo`, `SENT-TO` and `sent to`.
    fileprivate var looseSpelling: String { lowercased().filter { $0.isLetter || $0.isNumber } }
}

extension ScopeRule {
    /// The details that the rule looks at.
    fileprivate func details(named name: String) -> [String] {
        switch self {
        case .atMost(_, let detail), .atLeast(_, let detail), .patterns(_, let detail): [detail]
        case .allowed(_, let names): names.all
        case .plain: [name]
        case .uses, .detailsRequired: []
        }
    }

    /// What is wrong with the details under this rule.
    fileprivate func fault(in details: JSONValue, _ name: String, isRequired: Bool) -> String? {
        let missing = { (detail: String) in isRequired ? "actionDetails.\(detail.shortened) is missing" : nil }
        func number(_ detail: String, _ side: String, _ isBeyond: (ExactNumber) -> Bool) -> String? {
            guard let value = details[detail] else { return missing(detail) }
            guard let number = ExactNumber(value) else { return "\(detail.shortened) must be a number" }
            return isBeyond(number) ? "\(detail.shortened) is \(side) \(name.shortened)" : nil
        }
        switch self {
        case .uses, .detailsRequired: return nil
        case .atMost(let limit, let detail): return number(detail, "above") { $0 > limit }
        case .atLeast(let limit, let detail): return number(detail, "below") { $0 < limit }
        case .allowed(let values, let names):
            let stated = names.stated(in: details)
            if stated.isEmpty { return missing(names.usual) }
            let bad = stated.first { !Self.allows(values, $0.value) }
            return bad.map { "\($0.name.shortened) is not in \(name.shortened)" }
        case .patterns(let patterns, let detail):
            guard let value = details[detail] else { return missing(detail) }
            guard let text = value.text else { return "\(detail.shortened) must be a text" }
            let isFine = patterns.allSatisfy { $0.isFound(in: text) == true }
            return isFine ? nil : "\(detail.shortened) does not match \(name.shortened)"
        case .plain(let granted):
            guard let value = details[name] else { return nil }
            return Self.isWithin(value, granted) ? nil : "\(name.shortened) is not what was granted"
        }
    }

    /// One value, or several at once, all of which must be allowed.
    private static func allows(_ values: [AllowedValue], _ stated: JSONValue) -> Bool {
        let stated = stated.elements ?? [stated]
        return !stated.isEmpty && stated.allSatisfy { value in values.contains { $0.allows(value) } }
    }

    /// Under a name without known meaning: `true` allows all, `false` only `false`, a list its elements, anything else
    /// itself.
    private static func isWithin(_ value: JSONValue, _ granted: JSONValue) -> Bool {
        switch (granted, value) {
        case (.boolean(true), _): true
        case (.array(let granted), .array(let values)):
            values.allSatisfy { value in granted.contains { $0.isSame(as: value) } }
        case (.array(let granted), _): granted.contains { $0.isSame(as: value) }
        default: granted.isSame(as: value)
        }
    }
}
