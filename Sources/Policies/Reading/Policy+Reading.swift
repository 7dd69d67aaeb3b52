import JOSE

extension Policy {
    /// Reads a policy's document, as it comes over the wire, from the store or from a file: see docs/policies.md.
    ///
    /// - Throws: `PolicyError` with `invalidPolicy` and everything that is wrong: an unknown member or operator, a wrong
    ///   type, an invalid pattern, or a rule that would approve more than its writer may have meant.
    public init(reading document: JSONValue, id: String? = nil, version: Int = 1) throws(PolicyError) {
        guard document.members != nil else { throw PolicyError(.invalidPolicy, field: "", "must be an object") }
        var reader = DocumentReader(document)
        let name = Self.name(&reader)
        let action = Self.action(&reader)
        let conditions = Self.conditions(&reader)
        let policy = Policy(
            id: id, version: version, name: name ?? "",
            priority: reader.integer("priority", in: -1_000_000...1_000_000) ?? 0,
            agentId: reader.text("agentId", 1...255), conditions: conditions, action: action ?? .deny,
            always: reader.flag("always"), matchAll: reader.flag("matchAll"),
            trustContext: reader.flag("trustContext"), scopeTemplate: Self.scopeTemplate(&reader),
            description: reader.text("description", 0...1_000), isActive: reader.flag("isActive", default: true),
            approval: ApprovalDemand(
                approvers: reader.integer("approvers", in: 1...2) ?? 1,
                numberMatching: reader.flag("numberMatching")))
        reader.refuseUnknown()
        if action != nil, reader.faults.isEmpty { policy.check(&reader) }
        guard reader.faults.isEmpty else { throw PolicyError(.invalidPolicy, reader.faults) }
        self = policy
    }

    private static func name(_ reader: inout DocumentReader) -> String? {
        let name = reader.requiredText("name", 1...255)
        // A policy's name stands in reasons, in the log and before approvers.
        if name?.unicodeScalars.contains(where: \.isInvisible) == true {
            reader.fault("name", "must be one line of visible characters")
        }
        return name
    }

    private static func action(_ reader: inout DocumentReader) -> PolicyAction? {
        let action = reader.value("action")
        if let action = action?.text.flatMap(PolicyAction.init) { return action }
        let words = PolicyAction.allCases.map(\.rawValue).joined(separator: ", ")
        reader.fault("action", action == nil ? "is missing: one of \(words)" : "must be one of \(words)")
        return nil
    }

    private static func conditions(_ reader: inout DocumentReader) -> [PolicyCondition] {
        guard let value = reader.value("conditions") else {
            reader.fault("conditions", "is missing; {} holds for every request")
            return []
        }
        var conditions = ConditionReader()
        conditions.read(value)
        reader.add(conditions.faults)
        return conditions.conditions
    }

    private static func scopeTemplate(_ reader: inout DocumentReader) -> Scope? {
        guard var value = reader.value("scopeTemplate") else { return nil }
        if let name = value.text {
            guard let template = ScopeTemplate.named(name) else {
                let names = ScopeTemplate.common.map(\.action).joined(separator: ", ")
                reader.fault("scopeTemplate", "must be an object, or the name of one of ours: \(names)")
                return nil
            }
            value = template.value
        }
        return reader.scope(value, at: "scopeTemplate")
    }
}

extension Policy {
    /// What is right member by member and wrong together.
    private func check(_ reader: inout DocumentReader) {
        if always, action != .deny { reader.fault("always", "is for deny only") }
        if action == .autoApprove { checkApproval(&reader) }
        guard action != .requireApproval, approval != .standard else { return }
        if approval.approvers > 1 { reader.fault("approvers", "is for require_approval only") }
        if approval.numberMatching { reader.fault("numberMatching", "is for require_approval only") }
    }

    private func checkApproval(_ reader: inout DocumentReader) {
        if conditions.isEmpty, !matchAll {
            reader.fault(
                "conditions", "must not be empty: this would approve every request; say matchAll: true if that is meant"
            )
        }
        let claimed = conditions.first { if case .context = $0.path { true } else { false } }
        if let claimed, !trustContext {
            reader.fault(
                "conditions.\(claimed.field)",
                "is the agent's own word, and this would approve by it; say trustContext: true if that is meant")
        }
    }
}
