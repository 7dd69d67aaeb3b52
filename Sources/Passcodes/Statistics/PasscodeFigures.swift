/// What was sent and what came of it.
public struct PasscodeFigures: Equatable, Sendable {
    /// Messages that a provider was asked to bring: also those after one that failed, and those of a code sent again.
    public internal(set) var sent = 0
    /// Messages that a provider took.
    public internal(set) var accepted = 0
    /// Messages of which a provider said that they arrived.
    public internal(set) var delivered = 0
    /// Messages that a provider did not take, or said did not arrive and did not say otherwise later.
    public internal(set) var failed = 0
    /// Codes that were verified.
    public internal(set) var verified = 0
    /// Verified codes by how long it took: one count for each of ``bounds``, and one for what took longer.
    public internal(set) var times = [Int](repeating: 0, count: bounds.count + 1)

    /// Seconds.
    public static let bounds = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300]
    /// Seconds that a code lives at most.
    private static let longest = 600

    /// Verified codes for each message, at most 1; nil where nothing was sent.
    public var conversion: Double? { sent == 0 ? nil : min(1, Double(verified) / Double(sent)) }

    /// The seconds within which a share of the verified codes was verified, as nearly as the counts tell; nil where none
    /// was.
    public func timeToVerify(_ share: Double) -> Double? {
        let count = times.reduce(0, +)
        guard count > 0 else { return nil }
        var left = share * Double(count)
        for (place, inBucket) in times.enumerated() {
            if inBucket > 0, left <= Double(inBucket) {
                let from = place == 0 ? 0 : Self.bounds[place - 1]
                let to = place < Self.bounds.count ? Self.bounds[place] : Self.longest
                return Double(from) + Double(to - from) * left / Double(inBucket)
            }
            left -= Double(inBucket)
        }
        return Double(Self.longest)
    }

    mutating func add(_ event: StatisticsEvent) {
        switch event {
        case .sent: sent += 1
        case .accepted: accepted += 1
        case .delivered(let wasFailed):
            delivered += 1
            failed -= wasFailed ? 1 : 0
        case .failed: failed += 1
        case .verified(let after):
            verified += 1
            times[Self.bucket(after)] += 1
        }
    }

    private static func bucket(_ milliseconds: Int64) -> Int {
        bounds.firstIndex { milliseconds <= Int64($0) * 1000 } ?? bounds.count
    }

    static func += (one: inout Self, other: Self) {
        one.sent += other.sent
        one.accepted += other.accepted
        one.delivered += other.delivered
        one.failed += other.failed
        one.verified += other.verified
        for place in one.times.indices { one.times[place] += other.times[place] }
    }

    /// As the columns of the table have them.
    var numbers: [Int] { [sent, accepted, delivered, failed, verified] + times }
}

extension PasscodeFigures {
    /// Reads what ``numbers`` wrote.
    init(numbers: [Int]) {
        (sent, accepted, delivered, failed, verified) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4])
        times = Array(numbers[5...])
    }
}

/// Something that happened to a code.
enum StatisticsEvent: Sendable {
    case sent, accepted, failed
    /// - Parameter wasFailed: it was reported as failed before, which it was not.
    case delivered(wasFailed: Bool)
    /// Milliseconds after its last message went out.
    case verified(after: Int64)
}

/// What figures are told apart by.
public enum StatisticsDimension: String, CaseIterable, Sendable {
    case channel, country, prefix, provider, application

    /// Values that have a row of their own in an hour; all others share one.
    var valueLimit: Int { self == .prefix ? 1_000 : self == .application ? 100 : 300 }
    /// What others share.
    static let other = "other"
}
