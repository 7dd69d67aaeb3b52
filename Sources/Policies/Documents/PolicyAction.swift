/// What a policy does with a request that it matches.
public enum PolicyAction: String, Sendable, CaseIterable {
    /// The request is approved at once, without a person.
    case autoApprove = "auto_approve"
    /// A person decides.
    case requireApproval = "require_approval"
    /// The request is denied at once.
    case deny

    /// Its place among policies of equal priority: the careful ones come first.
    var rank: Int {
        switch self {
        case .deny: 0
        case .requireApproval: 1
        case .autoApprove: 2
        }
    }
}
