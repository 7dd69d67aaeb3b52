/// What a flood of messages may go to, or come from.
public enum RangeKind: String, CaseIterable, Sendable {
    /// Ten thousand numbers: all but the last four digits. Whoever pumps messages rents whole blocks of numbers.
    case prefix
    /// The network of whoever asks, where the asker is a visitor.
    case network
    /// A number's country, such as `DE`.
    case country
    /// The application's name in the message.
    case application
}

/// One prefix, network, country or application.
public struct TrafficRange: Hashable, Sendable {
    public var kind: RangeKind
    /// Such as `+4915112`, `192.0.2.0/24`, `DE`, `Shop`.
    public var name: String

    public init(_ kind: RangeKind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// What the range is known by in memory. Seeded anew in each process, so that nobody can choose ranges that share one.
    var key: UInt64 {
        var hasher = Hasher()
        hasher.combine(self)
        // 0 marks a free place.
        return max(1, UInt64(truncatingIfNeeded: hasher.finalize()))
    }
}

/// The ranges that a send belongs to.
public struct SendTraits: Hashable, Sendable {
    public var prefix: String
    /// Empty for a number of no country.
    public var country: String
    /// Nil where the asker is a back end, whose network says nothing of its users'.
    public var network: String?
    public var application: String

    public init(prefix: String, country: String, network: String?, application: String) {
        self.prefix = prefix
        self.country = country
        self.network = network
        self.application = application
    }

    /// The narrowest first: a flood is stopped where it is before all around it is.
    public var ranges: [TrafficRange] {
        var ranges = [TrafficRange(.prefix, prefix)]
        if let network { ranges.append(TrafficRange(.network, network)) }
        if !country.isEmpty { ranges.append(TrafficRange(.country, country)) }
        ranges.append(TrafficRange(.application, application))
        return ranges
    }
}
