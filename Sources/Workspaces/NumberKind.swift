/// The use that the numbering plan of its country gives to a number.
public enum NumberKind: String, CaseIterable, Sendable, Codable {
    case fixedLine = "fixed_line"
    case mobile
    /// The plan does not tell them apart, as in the United States.
    case fixedLineOrMobile = "fixed_line_or_mobile"
    case tollFree = "toll_free"
    case premiumRate = "premium_rate"
    case sharedCost = "shared_cost"
    case voIP = "voip"
    case personal, pager
    /// A company's one number for all of its places.
    case universalAccess = "uan"
    case voicemail
    case unknown
}
