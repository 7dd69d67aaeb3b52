/// Whether the wall clock can be believed: it has run as evenly as the steady one since it was looked at last.
///
/// A clock that jumps, or is wrong after the machine's start, is mostly set right within minutes; what is pruned by it in
/// the meantime is gone for good.
struct ClockWatch {
    /// A reading of both clocks, in milliseconds.
    struct Reading: Equatable, Sendable {
        var wall: Int64
        var steady: Int64
    }

    /// Milliseconds by which the clocks may differ between two looks.
    static let tolerance: Int64 = 300_000
    /// Milliseconds between two looks, at least, that say something.
    static let least: Int64 = 600_000

    private var last: Reading?

    /// Takes a reading; false for the first one, and for one after a jump.
    mutating func believes(_ reading: Reading) -> Bool {
        defer { last = reading }
        guard let last, reading.steady - last.steady >= Self.least else { return false }
        return abs((reading.wall - last.wall) - (reading.steady - last.steady)) <= Self.tolerance
    }
}
