import Permissions

extension CallerRight {
    /// What a caller is told who may not: which key is for this, by its first letters.
    var needed: String {
        switch self {
        case .ask: "This needs an agent's key (ak_live_…)."
        case .look: "This needs an agent's or an approver's key (ak_live_…, uk_live_…)."
        case .presentToken: "This needs an agent's or a verifier's key (ak_live_…, vk_live_…)."
        case .decide: "This needs an approver's key (uk_live_…)."
        case .administer: "This needs an operator's key (uk_live_…)."
        case .observeServer: "With several workspaces, read this over the Unix socket."
        }
    }
}
