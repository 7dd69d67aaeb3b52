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
