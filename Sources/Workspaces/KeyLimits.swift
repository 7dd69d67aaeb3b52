import Encodings

/// Where a key may be used, and for what.
public struct KeyLimits: Equatable, Sendable {
    /// From where it is accepted, beside what its workspace says.
    public var addresses: AddressList
    /// What it may do; all of it for a key whose kind has rights of its own.
    public var abilities: Set<KeyAbility>

    public init(addresses: AddressList = .everywhere, abilities: Set<KeyAbility> = .all) {
        self.addresses = addresses
        self.abilities = abilities
    }

    /// Throws `invalidSetting` for what a key of this kind cannot have.
    func check(for kind: KeyKind) throws(WorkspaceError) {
        guard addresses.ranges.count <= AddressList.limit else {
            throw .invalidSetting("allowed_addresses must be at most \(AddressList.limit) addresses or networks")
        }
        guard kind.hasAbilities else {
            guard abilities == .all else {
                throw .invalidSetting("abilities are for keys of the kinds live, test and stamp")
            }
            return
        }
        guard !abilities.isEmpty else {
            throw .invalidSetting("abilities must be one or more of send, verify and read")
        }
    }

    /// The names of what differs, for the audit.
    func changes(since before: KeyLimits) -> String {
        var names: [String] = []
        if abilities != before.abilities { names.append("abilities=\(abilities.names.joined(separator: ","))") }
        // An address may be a person's: the audit does not forget.
        if addresses != before.addresses { names.append("allowed_addresses") }
        return names.joined(separator: " ")
    }
}

extension KeyKind {
    /// True for the keys of back ends that deal with passcodes.
    public var hasAbilities: Bool {
        switch self {
        case .live, .test, .stamp: true
        case .operator, .agent, .agentTest, .approver, .verifier, .verifierTest: false
        }
    }
}
