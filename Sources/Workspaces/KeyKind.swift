/// What a key is for. Its first letters say so, for people and for leak scanners.
public enum KeyKind: String, CaseIterable, Sendable, Codable {
    /// A back end's key: real messages, real tokens.
    case live
    /// Simulates: nothing is sent, no quota is used, the code is in the answer.
    case test
    /// Administers the workspace; sends and verifies nothing.
    case `operator`
    /// A P-256 public key of a back end, which stamps its requests with the private half.
    case stamp
    /// An agent's key: asks for permissions and uses them.
    case agent
    /// An agent's key for trying out: policies decide, nobody is asked.
    case agentTest = "agent_test"
    /// Decides what agents ask for; administers nothing. Its text looks like an operator's: the role stands with the
    /// key's record.
    case approver
    /// Verifies and uses agents' tokens on behalf of the service that acts.
    case verifier
    /// Does so for the tokens of agents' test keys.
    case verifierTest = "verifier_test"

    /// The first letters of the key's text; nil where the key has none that is secret.
    public var prefix: String? {
        switch self {
        case .live: "sk_live_"
        case .test: "sk_test_"
        case .operator, .approver: "uk_live_"
        case .stamp: nil
        case .agent: "ak_live_"
        case .agentTest: "ak_test_"
        case .verifier: "vk_live_"
        case .verifierTest: "vk_test_"
        }
    }

    /// True for keys that must never be seen in a browser.
    public var isSecretKey: Bool {
        switch self {
        case .live, .test, .agent, .agentTest, .verifier, .verifierTest: true
        case .operator, .approver, .stamp: false
        }
    }

    /// True for keys that belong to an agent and mean nothing without one.
    public var isAgents: Bool { self == .agent || self == .agentTest }
}
