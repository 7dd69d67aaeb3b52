import Storage

/// How far back figures go.
public enum StatisticsPeriod: String, CaseIterable, Sendable {
    case hour = "1h"
    case day = "24h"
    case week = "7d"
    case month = "30d"
    case quarter = "90d"

    /// Whole hours, the current one included.
    var hours: Int64 {
        switch self {
        case .hour: 1
        case .day: 24
        case .week: 168
        case .month: 720
        case .quarter: 2_160
        }
    }
}

/// What figures are asked for by.
public enum StatisticsGrouping: Equatable, Sendable, CaseIterable {
    case by(StatisticsDimension)
    /// Days over the longer periods, so that there are never more than 168 rows.
    case hour, day

    public static let allCases = StatisticsDimension.allCases.map(Self.by) + [.hour, .day]

    public var name: String {
        switch self {
        case .by(let dimension): dimension.rawValue
        case .hour: "hour"
        case .day: "day"
        }
    }

    public init?(_ name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }
}

/// Figures of a period.
public struct StatisticsReport: Sendable {
    /// A value such as `DE`, or the Unix milliseconds at which an hour or day began.
    public enum Name: Equatable, Sendable {
        case value(String)
        case time(Int64)
    }

    public let rows: [(name: Name, figures: PasscodeFigures)]
    /// Over all values, also those beyond ``PasscodeStatistics/rowLimit``.
    public let total: PasscodeFigures
    /// Unix milliseconds.
    public let from: Int64
    public let to: Int64
}

extension PasscodeStatistics {
    /// Values of which a report has rows, the busiest first.
    public static let rowLimit = 200

    /// The figures of a workspace over whole hours, up to now. Live codes only.
    public func report(
        _ grouping: StatisticsGrouping, _ period: StatisticsPeriod, workspace: String
    ) async throws(PasscodeError) -> StatisticsReport {
        try await write()
        let now = clock.now()
        let last = now / Self.hour
        let first = last - period.hours + 1
        return try await database.read(throwing: PasscodeError.self) { transaction in
            let rows =
                switch grouping {
                case .by(let dimension): try Self.values(dimension, from: first, workspace, in: transaction)
                case .hour, .day:
                    try Self.times(
                        grouping == .day || period.hours > 168 ? 24 : 1, from: first, to: last, workspace,
                        in: transaction)
                }
            // Each message has a channel, and one only.
            let total = try Self.sum(from: first, workspace, in: transaction)
            return StatisticsReport(rows: rows, total: total, from: first * Self.hour, to: now)
        }
    }

    private static func values(
        _ dimension: StatisticsDimension, from first: Int64, _ workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> [(name: StatisticsReport.Name, figures: PasscodeFigures)] {
        var found: [(name: StatisticsReport.Name, figures: PasscodeFigures)] = []
        let rows = try transaction.rows(
            """
            SELECT value, SUM(sent), SUM(accepted), SUM(delivered), SUM(failed), SUM(verified), SUM(within_5),
                SUM(within_10), SUM(within_15), SUM(within_20), SUM(within_30), SUM(within_45), SUM(within_60),
                SUM(within_90), SUM(within_120), SUM(within_180), SUM(within_300), SUM(later)
            FROM passcode_statistic WHERE workspace = $1 AND hour >= $2 AND dimension = $3
            GROUP BY value ORDER BY SUM(sent) DESC, value LIMIT $4
            """, [.text(workspace), .integer(first), .text(dimension.rawValue), .integer(Int64(rowLimit))])
        for row in rows { found.append((.value(try row.text(0)), try StatisticsRow.figures(row, from: 1))) }
        return found
    }

    /// One row for each step, also where nothing happened.
    private static func times(
        _ step: Int64, from first: Int64, to last: Int64, _ workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> [(name: StatisticsReport.Name, figures: PasscodeFigures)] {
        var figures: [Int64: PasscodeFigures] = [:]
        let rows = try transaction.rows(
            """
            SELECT hour / $3, SUM(sent), SUM(accepted), SUM(delivered), SUM(failed), SUM(verified), SUM(within_5),
                SUM(within_10), SUM(within_15), SUM(within_20), SUM(within_30), SUM(within_45), SUM(within_60),
                SUM(within_90), SUM(within_120), SUM(within_180), SUM(within_300), SUM(later)
            FROM passcode_statistic WHERE workspace = $1 AND hour >= $2 AND dimension = 'channel' GROUP BY hour / $3
            """, [.text(workspace), .integer(first), .integer(step)])
        for row in rows { figures[try row.integer(0)] = try StatisticsRow.figures(row, from: 1) }
        return (first / step...last / step).map { place in
            (.time(place * step * hour), figures[place] ?? PasscodeFigures())
        }
    }

    private static func sum(
        from first: Int64, _ workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> PasscodeFigures {
        var total = PasscodeFigures()
        for row in try values(.channel, from: first, workspace, in: transaction) { total += row.figures }
        return total
    }
}
