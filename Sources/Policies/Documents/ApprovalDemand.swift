/// What a policy asks of the people who approve.
public struct ApprovalDemand: Sendable, Equatable {
    /// How many people must approve, 1 or 2, none of them the one on whose behalf the agent acts.
    public let approvers: Int
    /// Whether an approver must type the number that the asking side shows (NIST SP 800-63B §5.1.3.2).
    public let numberMatching: Bool

    /// One person, without a number.
    public static let standard = ApprovalDemand(approvers: 1, numberMatching: false)

    /// A demand for one approver, or for two.
    public init(approvers: Int, numberMatching: Bool) {
        self.approvers = min(max(approvers, 1), 2)
        self.numberMatching = numberMatching
    }
}
