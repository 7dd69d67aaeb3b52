/// What a send is counted under, already normalised, so that two spellings of one contact share a limit.
public struct SendSubject: Equatable, Sendable {
    /// The contact's digest in hexadecimal.
    public let recipient: String
    /// The number without its last four digits; nil for mail, whose domains hold millions.
    public let prefix: String?
    /// The number's region such as `DE`; nil for mail.
    public let country: String?
    /// The caller's network; nil if it has none (the Unix socket).
    public let network: String?
    /// A digest of the caller's own name for whoever asks; nil if it gave none.
    public let rateLimitKey: String?
    /// Digests of the caller's own names, by the workspace's limit that counts them.
    public let own: [String: String]

    public init(
        recipient: String, prefix: String?, country: String?, network: String?, rateLimitKey: String? = nil,
        own: [String: String] = [:]
    ) {
        self.recipient = recipient
        self.prefix = prefix
        self.country = country
        self.network = network
        self.rateLimitKey = rateLimitKey
        self.own = own
    }
}

/// What a send comes to, and so what it takes. The caller's own name for whoever asks is counted for every kind.
public enum SendKind: Sendable {
    /// A message: it takes from every limit.
    case message
    /// Nothing, and the asker must not see that: it takes from the asker's own limits alone, and needs what a message
    /// would need of the quota.
    case decoy
    /// Nothing, openly. It takes from no limit.
    case test

    func takes(_ limit: SendLimit) -> Bool {
        switch self {
        case .message: true
        case .decoy: limit.isOfAsker
        case .test: false
        }
    }

    /// What is written instead of an allowance that is not taken, so that a decoy takes as long as a message.
    func standIn(for allowance: Allowance) -> Allowance? {
        self == .decoy ? allowance.unlimited : nil
    }

    /// What is taken of the month's quota, of which something must be left; nil for what needs none.
    var quotaUses: Int64? {
        switch self {
        case .message: 1
        case .decoy: 0
        case .test: nil
        }
    }
}

/// A rate of sends.
public enum SendLimit: String, CaseIterable, Sendable {
    case recipient, prefix, country, network, budget
    case rateLimitKey = "rate_limit_key"
    /// One of the workspace's own, by the caller's names.
    case own

    /// True for what counts the asker: that it is used up tells nothing of the contact, nor of others who ask.
    var isOfAsker: Bool { self == .network || self == .rateLimitKey || self == .own }
}
