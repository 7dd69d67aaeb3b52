import JOSE

extension PolicySet {
    /// What the policies say to a request.
    public func evaluate(_ facts: PermissionFacts) -> PolicyVerdict {
        if facts.simulatesDenial { return .simulatedDenial(facts) }
        for place in index.candidates(for: facts.action) where policies[place].matches(facts) {
            return policies[place].verdict(on: facts)
        }
        return .withoutPolicy(facts)
    }
}

extension Policy {
    /// Whether it decides about a request, given that no policy before it does.
    func matches(_ facts: PermissionFacts) -> Bool {
        guard concerns(facts.agentId) else { return false }
        var finding = Finding.holds
        for condition in conditions {
            finding = finding.and(condition.finding(for: facts))
            if !action.matches(finding) { return false }
        }
        return true
    }

    /// What it says to a request that it matches.
    func verdict(on facts: PermissionFacts) -> PolicyVerdict {
        guard action != .deny else { return verdict(.deny, "denies this.", facts.scope) }
        switch facts.scope.narrowed(by: scopeTemplate ?? .unlimited) {
        case .nothing(let name):
            return verdict(.deny, "allows nothing of what scope.\(name.shortened) asks for.", facts.scope)
        case .scope(let scope, let unlisted):
            guard action == .autoApprove else { return verdict(.requireApproval, "asks a person.", scope) }
            guard scopeTemplate == nil || unlisted.isEmpty else {
                let names = unlisted.prefix(3).map { "scope.\($0.shortened)" }.joined(separator: ", ")
                return verdict(.requireApproval, "does not list \(names), so a person has to decide.", scope)
            }
            return verdict(.autoApprove, "approves this.", scope)
        }
    }

    private func verdict(_ action: PolicyAction, _ words: String, _ scope: Scope) -> PolicyVerdict {
        PolicyVerdict(
            action: action, policy: reference, reason: "Policy \"\(name)\" \(words)", scope: scope, approval: approval)
    }

    /// As a verdict names it.
    public var reference: PolicyReference { PolicyReference(id: id, version: version, name: name) }
}

extension PolicyVerdict {
    /// No policy matches.
    static func withoutPolicy(_ facts: PermissionFacts) -> PolicyVerdict {
        PolicyVerdict(
            action: .requireApproval, policy: nil, reason: "No policy matches, so a person has to decide.",
            scope: facts.scope, approval: .standard)
    }

    /// A test key asked to be denied.
    static func simulatedDenial(_ facts: PermissionFacts) -> PolicyVerdict {
        PolicyVerdict(
            action: .deny, policy: nil, reason: "Denied as context._test_deny asks.", scope: facts.scope,
            approval: .standard)
    }
}

extension PermissionFacts {
    /// Whether a test key asks to be denied, so that its program can be tried.
    var simulatesDenial: Bool { isTest && context["_test_deny"] == .boolean(true) }
}
