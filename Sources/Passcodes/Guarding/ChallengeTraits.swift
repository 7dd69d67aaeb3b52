import FraudGuard

/// The ranges that a challenge's messages are counted under, as its row has them.
struct ChallengeTraits: Equatable, Sendable {
    /// Where a row has no standing.
    private static let unwatched = "off"

    var ranges: SendTraits
    /// Nil where the guard was off.
    var standing: SendStanding?

    init(_ ranges: SendTraits, _ standing: SendStanding?) {
        self.ranges = ranges
        self.standing = standing
    }

    /// Of two sends of one code what its verification is to say: that a probe was answered is more than that a counted
    /// message was, and that more than one that was not counted.
    func weightier(_ other: Self) -> Self { other.weight > weight ? other : self }

    private var weight: Int {
        switch standing {
        case .probe: 3
        case .counted: 2
        case .uncounted: 1
        case nil: 0
        }
    }

    /// Nil for what is empty or cannot be read.
    init?(_ text: String) {
        let parts = text.split(separator: "\t", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5 else { return nil }
        let standing = SendStanding(rawValue: parts[0])
        guard standing != nil || parts[0] == Self.unwatched else { return nil }
        self.init(
            SendTraits(
                prefix: parts[2], country: parts[1], network: parts[3].isEmpty ? nil : parts[3], application: parts[4]),
            standing)
    }

    /// The application comes last: of all parts it alone is free text.
    var text: String {
        [
            standing?.rawValue ?? Self.unwatched, ranges.country, ranges.prefix, ranges.network ?? "",
            ranges.application,
        ].joined(separator: "\t")
    }
}
