import JOSE

/// What an approver says to a request.
public struct PermissionDecision: Sendable {
    public static let reasonLimit = 500
    /// Characters of what somebody types as the number: enough to count as a try.
    public static let numberLengths = 1...16

    public var approved: Bool
    /// At most 500 characters; the agent reads it.
    public var reason: String?
    /// A scope that narrows what was asked for: what it names is granted at most as it says. Nil to grant all of it.
    public var scopeModifications: JSONValue?
    /// The number that the asking side shows.
    public var number: String?
    /// The digest of the statement that the approver saw; nil where the approver's program does not say.
    public var statementDigest: String?

    public init(
        approved: Bool, reason: String? = nil, scopeModifications: JSONValue? = nil, number: String? = nil,
        statementDigest: String? = nil
    ) {
        self.approved = approved
        self.reason = reason
        self.scopeModifications = scopeModifications
        self.number = number
        self.statementDigest = statementDigest
    }

    /// Throws `invalidFields` for a reason that is too long.
    static func check(_ reason: String?) throws(PermissionError) {
        guard let reason else { return }
        guard reason.count <= reasonLimit, VisibleText.isStorable(reason) else {
            throw .invalidField("reason", "must have at most \(reasonLimit) characters")
        }
    }
}
