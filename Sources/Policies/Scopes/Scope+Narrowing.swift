import JOSE

/// What is left of a scope under a limit.
public enum ScopeNarrowing: Sendable, Equatable {
    /// Never more than either. `unlisted` are the names of the scope that are no constraint and that the limit does not
    /// list, in their order.
    case scope(Scope, unlisted: [String])
    /// Nothing: what one allows under this name, the other does not.
    case nothing(name: String)
}

extension Scope {
    /// What this scope and `limit` both allow: every use that the result accepts, both accept.
    ///
    /// `max_` takes the lower number, `min_` the higher, lists what is in both, patterns must both match, true needs both,
    /// and a constraint that only one names stays. So does any other entry of the limit, but for a `true`, which nobody
    /// asked for.
    public func narrowed(by limit: Scope) -> ScopeNarrowing {
        var result: [ScopeEntry] = []
        var unlisted: [String] = []
        for entry in entries {
            guard let bound = limit[entry.name] else {
                if !entry.rule.isConstraint { unlisted.append(entry.name) }
                result.append(entry)
                continue
            }
            guard let rule = entry.rule.narrowed(by: bound) else { return .nothing(name: entry.name) }
            result.append(ScopeEntry(name: entry.name, rule: rule))
        }
        result += limit.entries.filter { self[$0.name] == nil && $0.rule.staysAlone }
        let scope = Scope(entries: result)
        if let name = scope.emptyRange { return .nothing(name: name) }
        return .scope(scope, unlisted: unlisted)
    }

    /// The names in `limit` that limit nothing here, and that nobody would find in what is granted: a `true` for what was
    /// not asked for, more uses than the one of a scope that does not ask for any, details that need not be stated.
    public func namesWithoutEffect(of limit: Scope) -> [String] {
        limit.entries.filter { self[$0.name] == nil && $0.rule.limitsNothing }.map(\.name)
    }

    /// The name of a `max_` below its `min_`.
    private var emptyRange: String? {
        for case (let name, .atMost(let highest, of: let detail)) in entries.map({ ($0.name, $0.rule) }) {
            if case .atLeast(let lowest, _) = self["min_\(detail)"], lowest > highest { return name }
        }
        return nil
    }
}

extension ScopeRule {
    /// Whether a limit's entry stays where the scope has none of that name.
    fileprivate var staysAlone: Bool {
        switch self {
        // Who asks for nothing gets one use, which is never more than the limit.
        case .uses, .plain(.boolean(true)): false
        default: true
        }
    }

    /// Whether it takes nothing away from a scope that has none of that name.
    fileprivate var limitsNothing: Bool {
        switch self {
        case .plain(.boolean(true)), .detailsRequired(false): true
        case .uses(let count): count > 1
        default: false
        }
    }

    /// What this rule and another of the same name both allow; nil for nothing.
    fileprivate func narrowed(by limit: ScopeRule) -> ScopeRule? {
        switch (self, limit) {
        case (.atMost(let one, let detail), .atMost(let other, _)): .atMost(min(one, other), of: detail)
        case (.atLeast(let one, let detail), .atLeast(let other, _)): .atLeast(max(one, other), of: detail)
        case (.uses(let one), .uses(let other)): .uses(min(one, other))
        case (.detailsRequired(let one), .detailsRequired(let other)): .detailsRequired(one || other)
        case (.allowed(let one, let details), .allowed(let other, _)): Self.common(one, other, details)
        case (.patterns(let one, let detail), .patterns(let other, _)):
            .patterns(one + other.filter { !one.contains($0) }, of: detail)
        case (.plain(let one), .plain(let other)): Self.common(one, other).map(ScopeRule.plain)
        // The name decides what kind of rule it is, so this cannot be; if it were, it would allow nothing.
        default: nil
        }
    }

    /// The entries of either list that an entry of the other covers.
    private static func common(_ one: [AllowedValue], _ other: [AllowedValue], _ details: DetailNames) -> ScopeRule? {
        let kept = one.filter { value in other.contains { $0.covers(value) } }
        let added = other.filter { value in !kept.contains(value) && one.contains { $0.covers(value) } }
        return kept.isEmpty && added.isEmpty ? nil : .allowed(kept + added, of: details)
    }

    /// What two values without known meaning have in common.
    private static func common(_ one: JSONValue, _ other: JSONValue) -> JSONValue? {
        switch (one, other) {
        case (.boolean(let one), .boolean(let other)): return .boolean(one && other)
        case _ where one.isSame(as: other): return one
        // A flag is no element of a list: `true` alone allows whatever the detail says.
        case (.boolean, _), (_, .boolean): return nil
        case (.array(let one), .array(let other)):
            let common = one.filter { value in other.contains { $0.isSame(as: value) } }
            return common.isEmpty ? nil : .array(common)
        case (.array(let values), let value), (let value, .array(let values)):
            return values.contains { $0.isSame(as: value) } ? value : nil
        default: return nil
        }
    }
}
