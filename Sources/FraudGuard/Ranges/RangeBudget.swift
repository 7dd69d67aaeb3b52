/// How many codes of a range may be unverified: a floor for a range of which nothing is known, and the more, the more of
/// its codes are verified. Only verified codes raise it, which cost whoever pumps messages a working number each.
struct RangeBudget: Equatable {
    let inHour: Float
    let inDays: Float

    /// - Parameter floor: unverified codes an hour of a range that has verified none.
    init(of record: RangeRecord, floor: Int) {
        let floor = Float(floor)
        // What is usual for the range, beginning with what is usual anywhere: of 13 codes 3 are never used.
        let odds = (3 + record.unverifiedInDays) / (10 + record.verifiedInDays)
        // A flood that passed must not become what is usual.
        let allowance = min(max(1.5 * odds, 0.45), 1.5)
        let usualInHour = record.verifiedInDays * RangeRecord.hour / RangeRecord.days
        inHour =
            floor + allowance * record.verifiedInHour + 0.5 * usualInHour
            + 3 * (record.verifiedInHour + usualInHour).squareRoot()
        inDays = 4 * floor + allowance * record.verifiedInDays + 3 * record.verifiedInDays.squareRoot()
    }

    /// True if one more unverified code is too many.
    func isExceeded(by record: RangeRecord) -> Bool {
        record.unverifiedInHour + 1 > inHour || record.unverifiedInDays + 1 > inDays
    }

    /// True if enough of what was too many has left the windows.
    func isCool(_ record: RangeRecord) -> Bool {
        record.unverifiedInHour <= 0.75 * inHour && record.unverifiedInDays <= 0.9 * inDays
    }

    /// Brings a record down to where it is cool.
    func cool(_ record: inout RangeRecord) {
        record.unverifiedInHour = min(record.unverifiedInHour, 0.75 * inHour)
        record.unverifiedInDays = min(record.unverifiedInDays, 0.9 * inDays)
    }
}

extension RangeRecord {
    /// True for a range whose codes are verified, a third of them at least: it goes on under its own budget while what is
    /// around it is stopped.
    func hasProvedItself(times: Float) -> Bool {
        verifiedInDays >= times && unverifiedInDays <= 2 * verifiedInDays
    }
}
