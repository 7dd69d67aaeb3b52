/// What the guard says of a send.
public enum GuardRuling: Equatable, Sendable {
    /// It may go, and counts as unverified from now on.
    case pass
    /// A range is stopped; this one goes all the same, to see whether its codes are verified again.
    case probe
    /// A range is stopped. It counts nowhere.
    /// - Parameter retryAfter: seconds until the range is probed next, 1 at least.
    case stopped(TrafficRange, retryAfter: Int)
}

/// How a send was counted, which its verification must know.
public enum SendStanding: String, Sendable {
    case counted, probe
    /// It went out although a range was stopped: the guard only watched, or the number was known.
    case uncounted
}

/// A stop that began or ended.
public struct GuardEvent: Equatable, Sendable {
    public enum Change: Equatable, Sendable {
        /// With the codes of the last hour that were not verified, and how many may be.
        case began(unverified: Int, budget: Int)
        /// Nobody asked any more, or what was let through was verified. With the sends that were refused.
        case cooled(refused: Int)
    }

    public let workspace: String
    public let range: TrafficRange
    public let change: Change
    /// False where the guard only watches.
    public let isEnforced: Bool
    /// Unix milliseconds.
    public let time: Int64
}

/// A range to which nothing new is sent for now.
public struct RangeStop: Equatable, Sendable {
    public let range: TrafficRange
    /// Unix milliseconds.
    public let since: Int64
    /// False where the guard only watches, as when somebody asked last.
    public internal(set) var isEnforced: Bool
    /// Sends that were refused, and those of them that went out all the same because the guard only watches.
    public internal(set) var refused = 0
    /// Sends that were let through to look, and how many of their codes were verified.
    public internal(set) var probes = 0
    public internal(set) var verifiedProbes = 0
    /// Probes since one was verified: each of them doubles the wait for the next.
    var streak = 0
    var nextProbe: Int64
    private var lastProbe: Int64?
    var lastAsked: Int64

    /// How often the wait doubles at most.
    private static let patience = 4

    /// - Parameter now: after a restart later than `since`.
    init(_ range: TrafficRange, since: Int64, isEnforced: Bool, now: Int64, interval: Int64) {
        self.range = range
        self.since = since
        self.isEnforced = isEnforced
        nextProbe = now + interval
        lastAsked = now
    }

    func isDueForProbe(at now: Int64) -> Bool { nextProbe <= now }

    mutating func probe(at now: Int64, interval: Int64) {
        nextProbe = now + interval << Int64(min(streak, Self.patience))
        lastProbe = now
        streak += 1
        probes += 1
    }

    /// Takes back the probe of a time, which did not go out: the next send is one again. Another one that went out since
    /// then has taken its place.
    mutating func releaseProbe(at time: Int64) {
        guard lastProbe == time else { return }
        (lastProbe, nextProbe) = (nil, time)
        streak = max(0, streak - 1)
        probes = max(0, probes - 1)
    }

    /// Notes that a probe's code was verified; of one that was let through before this stop, or around it, nothing.
    mutating func verifyProbe(sentAt: Int64, now: Int64, interval: Int64) {
        guard verifiedProbes < probes, sentAt >= since else { return }
        verifiedProbes += 1
        streak = 0
        nextProbe = min(nextProbe, now + interval)
    }

    /// True if half of what was let through was verified, three at least.
    var isRefuted: Bool { verifiedProbes >= 3 && 2 * verifiedProbes >= probes }
}
