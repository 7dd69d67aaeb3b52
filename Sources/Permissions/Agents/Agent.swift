import Encodings
import JOSE
import SealedPasscodes
import Workspaces

/// A program that acts for people, as its workspace knows it.
public struct Agent: Equatable, Sendable {
    /// Requests a minute of an agent for which nothing else was set.
    public static let usualRateLimit = 60

    public var workspace: String
    /// `agt_` and 16 random digits.
    public var id: String
    public var profile: AgentProfile
    /// Unix milliseconds, as all times here.
    public var createdAt: Int64
    public var updatedAt: Int64
    /// The last use of any of its keys, exact to half a minute; nil where there was none.
    public var lastUsedAt: Int64?
}

/// What an operator says about an agent.
public struct AgentProfile: Equatable, Sendable {
    /// 1…255 characters on one line.
    public var name: String
    /// At most 1,000 characters.
    public var description: String
    /// A JSON object of the operator's own, at most 16 KiB.
    public var metadata: JSONValue
    /// The person behind the agent, by id among the approvers: never one of two approvers. Nil where nobody was named.
    public var originator: String?
    /// Where one is set, each request needs a proof of its possession: a stolen API key alone opens nothing.
    public var clientKey: P256PublicKey?
    /// From where its keys are accepted, beside what its workspace says.
    public var allowedAddresses: AddressList
    /// Requests a minute, 1…1,000,000.
    public var rateLimit: Int
    /// False once it was switched off: its keys open nothing, and what it was permitted is over.
    public var isActive: Bool

    public init(
        name: String, description: String = "", metadata: JSONValue = .object([]), originator: String? = nil,
        clientKey: P256PublicKey? = nil, allowedAddresses: AddressList = .everywhere,
        rateLimit: Int = Agent.usualRateLimit,
        isActive: Bool = true
    ) {
        self.name = name
        self.description = description
        self.metadata = metadata
        self.originator = originator
        self.clientKey = clientKey
        self.allowedAddresses = allowedAddresses
        self.rateLimit = rateLimit
        self.isActive = isActive
    }
}

/// A fresh agent and its first key, whose text nobody can read again.
public struct CreatedAgent: Sendable {
    public let agent: Agent
    public let key: CreatedAPIKey
}
