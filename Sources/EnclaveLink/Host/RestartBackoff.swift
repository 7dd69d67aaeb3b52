/// How long the supervisor waits before it starts the enclave again.
public struct RestartBackoff: Equatable, Sendable {
    /// The pause before the first try.
    public var first: Duration
    /// No pause is longer. A life that lasted this long counts as a good one, after which the pauses begin anew.
    public var longest: Duration

    public init(first: Duration = .milliseconds(50), longest: Duration = .seconds(5)) {
        self.first = first
        self.longest = longest
    }

    /// The pauses before each try: they double up to the longest. A process that ended soon after it came up starts
    /// with a longer one, so that one that dies at its first call is not started twenty times a second.
    func pauses(after age: Duration) -> some Sequence<Duration> {
        let start = age < longest ? min(first * 4, longest) : first
        return sequence(first: start) { min($0 * 2, longest) }
    }
}
