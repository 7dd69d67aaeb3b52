import NIOCore

/// Room in the log for what strangers can have written as often as they like: so many lines in a second of one event loop,
/// so that nobody fills the disk with them, or has the log's keeper drop the lines of others.
struct LineBudget {
    static let linesInASecond = 20
    private static let second = TimeAmount.seconds(1)

    private var begin: NIODeadline?
    private var written = 0
    private var leftOut = 0

    /// Takes room for a line.
    /// - Returns: how many lines were left out before it; nil where there is no room for this one either.
    mutating func take(_ now: NIODeadline) -> Int? {
        if begin.map({ now - $0 >= Self.second }) ?? true {
            begin = now
            written = 0
        }
        guard written < Self.linesInASecond else {
            leftOut += 1
            return nil
        }
        written += 1
        defer { leftOut = 0 }
        return leftOut
    }
}
