/// How long a workspace keeps the entries of its log.
public enum RetentionRule: Equatable, Sendable {
    /// Until a rule says otherwise: nothing is pruned.
    case forever
    /// A year, whatever its length: 366 days.
    case soc2
    /// Six years (45 CFR 164.316(b)(2)(i)), which have up to two leap days: 2,192 days.
    case hipaa
    /// As many days as the workspace chooses, ``days``.
    case gdpr(days: Int)

    /// What a workspace may choose: from a day to ten years, above the longest periods that book-keeping laws ask for.
    public static let days = 1...3_650

    /// How many days an entry is kept; nil for ever.
    var length: Int64? {
        switch self {
        case .forever: nil
        case .soc2: 366
        case .hipaa: 2_192
        case .gdpr(let days): Int64(days)
        }
    }

    /// As it is written everywhere: `forever`, `soc2`, `hipaa`, `gdpr=90`.
    public var text: String {
        switch self {
        case .forever: "forever"
        case .soc2: "soc2"
        case .hipaa: "hipaa"
        case .gdpr(let days): "gdpr=\(days)"
        }
    }

    /// Reads what ``text`` writes; nil for everything else.
    public init?(_ text: String) {
        switch text {
        case "forever": self = .forever
        case "soc2": self = .soc2
        case "hipaa": self = .hipaa
        default:
            guard let days = Int(text.dropFirst("gdpr=".count)), Self.days.contains(days) else { return nil }
            self = .gdpr(days: days)
            guard self.text == text else { return nil }
        }
    }
}

extension RetentionRule: Codable {
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        guard let rule = RetentionRule(try value.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: value, debugDescription: "no rule")
        }
        self = rule
    }

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(text)
    }
}

/// What an operator says of how long a workspace's log is kept.
public struct RetentionTerms: Equatable, Sendable {
    public var rule: RetentionRule
    /// Whether the workspace is under legal hold: nothing is pruned and nobody is erased.
    public var isHeld: Bool

    public init(rule: RetentionRule = .forever, isHeld: Bool = false) {
        self.rule = rule
        self.isHeld = isHeld
    }

    /// How many days an entry is kept; nil where no end is set.
    var length: Int64? { isHeld ? nil : rule.length }
}
