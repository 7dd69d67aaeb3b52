import Storage

/// The table of hourly figures.
enum StatisticsRow {
    typealias Key = StatisticsTally.Key

    /// Adds to a row.
    ///
    /// - Parameter isFolded: the prefixes of its hour were folded. What is told of one then belongs to its row where that
    ///   was kept, else to that of all others.
    static func add(
        _ figures: PasscodeFigures, to key: Key, isFolded: Bool, in transaction: any Transaction
    ) throws(StorageError) {
        var key = key
        if isFolded, key.dimension == .prefix, try !exists(key, in: transaction) {
            key.value = StatisticsDimension.other
        }
        try add(figures, to: key, in: transaction)
    }

    private static func exists(_ key: Key, in transaction: any Transaction) throws(StorageError) -> Bool {
        try transaction.row(
            "SELECT 1 FROM passcode_statistic WHERE workspace = $1 AND hour = $2 AND dimension = $3 AND value = $4",
            [.text(key.workspace), .integer(key.hour), .text(key.dimension.rawValue), .text(key.value)]) != nil
    }

    private static func add(
        _ figures: PasscodeFigures, to key: Key, in transaction: any Transaction
    ) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO passcode_statistic
                (workspace, hour, dimension, value, sent, accepted, delivered, failed, verified, within_5, within_10,
                 within_15, within_20, within_30, within_45, within_60, within_90, within_120, within_180, within_300,
                 later)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
            ON CONFLICT (workspace, hour, dimension, value) DO UPDATE SET
                sent = passcode_statistic.sent + $5, accepted = passcode_statistic.accepted + $6,
                delivered = passcode_statistic.delivered + $7, failed = passcode_statistic.failed + $8,
                verified = passcode_statistic.verified + $9, within_5 = passcode_statistic.within_5 + $10,
                within_10 = passcode_statistic.within_10 + $11, within_15 = passcode_statistic.within_15 + $12,
                within_20 = passcode_statistic.within_20 + $13, within_30 = passcode_statistic.within_30 + $14,
                within_45 = passcode_statistic.within_45 + $15, within_60 = passcode_statistic.within_60 + $16,
                within_90 = passcode_statistic.within_90 + $17, within_120 = passcode_statistic.within_120 + $18,
                within_180 = passcode_statistic.within_180 + $19, within_300 = passcode_statistic.within_300 + $20,
                later = passcode_statistic.later + $21
            """,
            [.text(key.workspace), .integer(key.hour), .text(key.dimension.rawValue), .text(key.value)]
                + figures.numbers.map { .integer(Int64($0)) })
    }

    /// Reads sixteen columns as the table has them, from `first` on.
    static func figures(_ row: Row, from first: Int) throws(StorageError) -> PasscodeFigures {
        var numbers: [Int] = []
        for column in first..<(first + PasscodeFigures.bounds.count + 6) {
            numbers.append(Int(try row.integer(column)))
        }
        return PasscodeFigures(numbers: numbers)
    }

    /// The rows of others in hours that have more prefixes than are kept.
    static func crowded(
        from first: Int64, before end: Int64, keeping kept: Int, in transaction: any Transaction
    ) throws(StorageError) -> [Key] {
        try transaction.rows(
            """
            SELECT workspace, hour FROM passcode_statistic
            WHERE hour >= $1 AND hour < $2 AND dimension = 'prefix' AND value <> 'other'
            GROUP BY workspace, hour HAVING COUNT(*) > $3
            """, [.integer(first), .integer(end), .integer(Int64(kept))]
        ).map { row throws(StorageError) in
            Key(
                workspace: try row.text(0), hour: try row.integer(1), dimension: .prefix,
                value: StatisticsDimension.other)
        }
    }

    /// Takes at most `count` prefixes of an hour into the row of others, and returns how many.
    static func fold(
        into other: Key, keeping kept: Int, atMost count: Int, in transaction: any Transaction
    ) throws(StorageError) -> Int {
        let rows = try transaction.rows(
            """
            SELECT value, sent, accepted, delivered, failed, verified, within_5, within_10, within_15, within_20,
                within_30, within_45, within_60, within_90, within_120, within_180, within_300, later
            FROM passcode_statistic
            WHERE workspace = $1 AND hour = $2 AND dimension = 'prefix' AND value <> 'other'
            ORDER BY sent DESC, value LIMIT $3 OFFSET $4
            """, [.text(other.workspace), .integer(other.hour), .integer(Int64(count)), .integer(Int64(kept))])
        var sum = PasscodeFigures()
        for row in rows {
            sum += try figures(row, from: 1)
            try transaction.execute(
                """
                DELETE FROM passcode_statistic
                WHERE workspace = $1 AND hour = $2 AND dimension = 'prefix' AND value = $3
                """, [.text(other.workspace), .integer(other.hour), .text(try row.text(0))])
        }
        if !rows.isEmpty { try add(sum, to: other, in: transaction) }
        return rows.count
    }

    /// Deletes at most `count` rows of hours before one, and returns how many.
    static func prune(before hour: Int64, count: Int, in transaction: any Transaction) throws(StorageError) -> Int {
        try transaction.execute(
            """
            DELETE FROM passcode_statistic WHERE (workspace, hour, dimension, value) IN
                (SELECT workspace, hour, dimension, value FROM passcode_statistic WHERE hour < $1 LIMIT $2)
            """, [.integer(hour), .integer(Int64(count))])
    }
}
