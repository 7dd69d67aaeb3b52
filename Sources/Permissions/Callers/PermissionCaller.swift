import AuditLog
import EnclaveLink
import Workspaces

/// Who calls, proven by a key.
public enum PermissionCaller: Sendable {
    case agent(AgentCaller)
    case approver(ApproverCaller)
    case verifier(VerifierCaller)

    public var workspace: Workspace {
        switch self {
        case .agent(let caller): caller.workspace
        case .approver(let caller): caller.workspace
        case .verifier(let caller): caller.workspace
        }
    }

    var origin: RequestOrigin {
        switch self {
        case .agent(let caller): caller.origin
        case .approver(let caller): caller.origin
        case .verifier(let caller): caller.origin
        }
    }

    /// The agent that calls. Throws `notPermitted` for anybody else.
    public func agent() throws(PermissionError) -> AgentCaller {
        guard case .agent(let caller) = self else { throw .notPermitted(to: .ask) }
        return caller
    }

    /// The approver or operator who calls. Throws `notPermitted` for anybody else: an agent's key decides nothing.
    public func approver() throws(PermissionError) -> ApproverCaller {
        guard case .approver(let caller) = self else { throw .notPermitted(to: .decide) }
        return caller
    }

    /// The operator who calls. Throws `notPermitted` for anybody else.
    public func `operator`() throws(PermissionError) -> ApproverCaller {
        guard case .approver(let caller) = self, caller.role == .operator else {
            throw .notPermitted(to: .administer)
        }
        return caller
    }

    /// Whoever may present a token. Throws `notPermitted` for approvers, who never see one.
    public func tokenCaller() throws(PermissionError) -> TokenCaller {
        switch self {
        case .agent(let caller): return .agent(caller)
        case .verifier(let caller): return .verifier(caller)
        case .approver: throw .notPermitted(to: .presentToken)
        }
    }
}

/// An agent, by one of its keys that is in force.
public struct AgentCaller: Sendable {
    public let workspace: Workspace
    public let agent: Agent
    public let keyIdentifier: String
    /// When the key ends, Unix milliseconds; nil where it does not. What it opens ends with it.
    public let keyExpiresAt: Int64?
    /// What a test key asks for and gets is kept apart from what live keys do.
    public let mode: ChallengeMode
    /// What is left of the agent's requests a minute, for the answer's headers.
    public let rate: RateState
    /// Where it calls from, without port; nil over the Unix socket.
    public let address: String?
    public let origin: RequestOrigin
}

/// What a key of somebody who decides is good for.
public enum ApproverRole: String, CaseIterable, Sendable, Codable {
    /// Decides.
    case approver
    /// Decides and administers.
    case `operator`
}

/// Somebody who decides what agents ask for.
public struct ApproverCaller: Sendable {
    public let workspace: Workspace
    public let role: ApproverRole
    /// Who it is, as grants name them: `approver:apr_…`, or `key:key_…` and `local-user:0` where nobody said whose it is.
    public let name: String
    /// The approver's identifier; nil where nobody said whose the key is.
    public let person: String?
    /// The way that the decision comes in.
    public let channel: ApprovalChannel
    /// Where the key was used, without port; nil over the Unix socket and where there is no key.
    public let address: String?
    public let origin: RequestOrigin

    /// Somebody who was let in by something else than a key: a user of this machine, or a person on the page who entered
    /// a code that was sent to them.
    public init(
        workspace: Workspace, role: ApproverRole, person: String?, channel: ApprovalChannel, address: String? = nil,
        origin: RequestOrigin
    ) {
        self.workspace = workspace
        self.role = role
        self.person = person
        self.channel = channel
        self.address = address
        self.origin = origin
        name = person.map { Principal.approver($0).description } ?? origin.principal.description
    }
}

/// A service that acts on what agents were permitted.
public struct VerifierCaller: Sendable {
    public let workspace: Workspace
    public let keyIdentifier: String
    /// It knows the tokens of this mode alone.
    public let mode: ChallengeMode
    public let origin: RequestOrigin
}

/// Whoever may present a token: the agent that it was given to, or a service that the agent showed it to.
public enum TokenCaller: Sendable {
    case agent(AgentCaller)
    case verifier(VerifierCaller)

    var workspace: Workspace {
        switch self {
        case .agent(let caller): caller.workspace
        case .verifier(let caller): caller.workspace
        }
    }

    var mode: ChallengeMode {
        switch self {
        case .agent(let caller): caller.mode
        case .verifier(let caller): caller.mode
        }
    }

    var origin: RequestOrigin {
        switch self {
        case .agent(let caller): caller.origin
        case .verifier(let caller): caller.origin
        }
    }
}

/// The way on which a decision came in.
public enum ApprovalChannel: String, CaseIterable, Sendable {
    /// Nobody was asked.
    case policy
    /// The dialect's `decide`, with an approver's key.
    case api
    /// The approval page, which lets in whoever enters a one-time code.
    case page
    /// The command line.
    case command
    case webhook, telegram
}
