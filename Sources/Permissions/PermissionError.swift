import Policies
import Workspaces

/// Why a permission, an agent or a policy was not given, found or changed. Equal by code.
public struct PermissionError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Equatable, Sendable {
        /// What was sent does not fit: each field and what is wrong with it (`fields`).
        case invalidFields
        /// Another workspace's, another agent's, or none at all.
        case notFound
        /// The credential is good and is not for this.
        case notPermitted(CallerRight)
        /// The agent was switched off, or all agents of the workspace were.
        case agentStopped
        /// The agent has a key of its own, and the request lacks a proof of it or has a bad one.
        case proofRefused
        /// Too many failed authentications from one network.
        case authenticationThrottled
        /// So many requests a minute, or so many waiting for people, and no more.
        case rateLimited, tooManyPending
        /// Somebody decided before, or the time was over.
        case alreadyDecided
        /// Two approvers have to be two people, and neither is the person behind the agent.
        case approverIsOriginator, approvedBefore, approverUnidentified
        /// The number that the asking side shows is missing or another one.
        case numberMissing, numberWrong
        /// An approver's changes to the scope that do not narrow it.
        case scopeNotNarrowed
        /// The text that the approver saw is not the one that this request was shown with.
        case statementChanged
        /// Only what is pending or approved can be revoked.
        case notRevocable
        case idempotencyKeyReused
        /// The policies changed since they were looked at.
        case policiesChanged
        /// A key, a quota or a limit of the workspace says no.
        case workspace(WorkspaceError)
        case unavailable
    }

    public let code: Code
    /// Words for whoever may act on it; never a token, a key or a contact.
    public let message: String
    /// What is wrong with which field; empty unless the code is `invalidFields` or `scopeNotNarrowed`.
    public let fields: [PolicyError.Fault]
    /// Seconds; 0 where waiting does not help.
    public let retryAfter: Int
    /// The state of the limit that was reached; nil for other errors.
    public let rate: RateState?
    /// Where it was raised, for the log.
    public let place: String

    init(
        _ code: Code, _ message: String, fields: [PolicyError.Fault] = [], retryAfter: Int = 0, rate: RateState? = nil,
        _ file: String, _ line: Int
    ) {
        self.code = code
        self.message = message
        self.fields = fields
        self.retryAfter = retryAfter
        self.rate = rate
        place = "\(file):\(line)"
    }

    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }
    public var description: String { "\(message) (\(place))" }

    /// The reason, as the audit says it: one word.
    var word: String {
        switch code {
        case .workspace(let error): "\(error.code)"
        case .notPermitted: "notPermitted"
        default: "\(code)"
        }
    }
}

/// What a kind of caller may do and others may not.
public enum CallerRight: Sendable, Equatable, CaseIterable {
    /// Asks for permissions.
    case ask
    /// Looks at a permission and waits for it.
    case look
    /// Presents a token.
    case presentToken
    /// Decides what agents ask for.
    case decide
    /// Administers the workspace.
    case administer
    /// Reads figures of the whole server.
    case observeServer

    /// Who has it.
    var holders: String {
        switch self {
        case .ask: "agents"
        case .look: "agents and approvers"
        case .presentToken: "agents and verifiers"
        case .decide: "approvers"
        case .administer: "operators"
        case .observeServer: "the users of the server's machine"
        }
    }
}

/// How much of a rate is left, as `X-RateLimit-*` say it.
public struct RateState: Equatable, Sendable {
    /// Requests a minute.
    public let limit: Int
    public let remaining: Int
    /// Seconds until all of it is free again.
    public let reset: Int
}
