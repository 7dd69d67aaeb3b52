import Passcodes

/// Figures of passcodes on the wire.
public struct StatisticsDescription: Codable, Sendable {
    public struct Seconds: Codable, Sendable {
        public var median: Double
        /// Nineteen of twenty took no longer.
        public var p95: Double
    }

    public struct Row: Codable, Sendable {
        /// Such as `DE`; where it is by time, when the hour or day began. Nil for the sum of all.
        public var value: String?
        public var sent: Int
        public var accepted: Int
        public var delivered: Int
        public var failed: Int
        public var verified: Int
        /// Verified among sent, 0 to 1; nil where nothing was sent.
        public var conversion: Double?
        /// Nil where nothing was verified.
        public var timeToVerify: Seconds?

        enum CodingKeys: String, CodingKey {
            case value, sent, accepted, delivered, failed, verified, conversion
            case timeToVerify = "time_to_verify"
        }
    }

    public var by: String
    public var period: String
    public var from: String
    public var to: String
    public var statistics: [Row]
    public var total: Row
}

extension StatisticsDescription {
    init(_ report: StatisticsReport, _ grouping: StatisticsGrouping, _ period: StatisticsPeriod) {
        by = grouping.name
        self.period = period.rawValue
        from = WireTime.text(report.from)
        to = WireTime.text(report.to)
        statistics = report.rows.map { row in
            switch row.name {
            case .value(let value): Row(value, row.figures)
            case .time(let time): Row(WireTime.text(time), row.figures)
            }
        }
        total = Row(nil, report.total)
    }
}

extension StatisticsDescription.Row {
    fileprivate init(_ value: String?, _ figures: PasscodeFigures) {
        self.value = value
        sent = figures.sent
        accepted = figures.accepted
        delivered = figures.delivered
        failed = figures.failed
        verified = figures.verified
        conversion = figures.conversion.map { ($0 * 10_000).rounded() / 10_000 }
        timeToVerify = figures.timeToVerify(0.5).map { median in
            .init(median: Self.tenths(median), p95: Self.tenths(figures.timeToVerify(0.95) ?? median))
        }
    }

    private static func tenths(_ seconds: Double) -> Double { (seconds * 10).rounded() / 10 }
}
