/// What happened to live codes since this process started, for Prometheus. Its counters never fall: a message that was
/// reported as failed and arrived after all has been both.
public struct PasscodeTotals: Sendable {
    /// By each of them for itself: by all together there would be tens of thousands of series. Prefixes and applications,
    /// of which there may be any number, are told by the hourly figures.
    public static let dimensions: [StatisticsDimension] = [.channel, .country, .provider]

    private var values: [StatisticsDimension: [String: PasscodeFigures]] = [:]
    /// Seconds that verified codes took, all together, by channel.
    private var seconds: [String: Double] = [:]

    /// The figures by value, sorted.
    public func figures(_ dimension: StatisticsDimension) -> [(value: String, figures: PasscodeFigures)] {
        (values[dimension] ?? [:]).sorted { $0.key < $1.key }.map { (value: $0.key, figures: $0.value) }
    }

    /// Seconds that the verified codes of a channel took, all together.
    public func secondsToVerify(channel: String) -> Double { seconds[channel] ?? 0 }

    mutating func add(_ event: StatisticsEvent, _ dimension: StatisticsDimension, _ value: String) {
        guard Self.dimensions.contains(dimension) else { return }
        let isOwn = values[dimension]?[value] != nil || (values[dimension]?.count ?? 0) < dimension.valueLimit
        let name = isOwn ? value : StatisticsDimension.other
        values[dimension, default: [:]][name, default: PasscodeFigures()].add(event.rising)
        if case .verified(let after) = event, dimension == .channel {
            seconds[name, default: 0] += Double(after) / 1000
        }
    }
}

extension StatisticsEvent {
    /// The event without what it takes back.
    fileprivate var rising: Self {
        if case .delivered = self { .delivered(wasFailed: false) } else { self }
    }
}
