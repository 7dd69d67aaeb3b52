import Foundation

/// The points that were last read in their compressed spelling, whose square root takes longer than making a signature.
/// One request names the same key up to four times, and a back end names its own in each.
///
/// Kept in two halves, so that forgetting the older one is all that there is to forgetting. Public keys only, so what is
/// remembered tells nothing. A lock of Foundation's, because `Mutex` is younger than the systems that the client
/// library runs on.
final class RecentPoints: @unchecked Sendable {
    static let shared = RecentPoints(limit: 4096)

    private let limit: Int
    private let lock = NSLock()
    private var newer: [[UInt8]: CurvePoint] = [:]
    private var older: [[UInt8]: CurvePoint] = [:]

    /// - Parameter limit: points remembered, at most.
    init(limit: Int) { self.limit = limit }

    /// The point with that compressed spelling, if it was read lately.
    func find(_ compressed: [UInt8]) -> CurvePoint? {
        lock.withLock { newer[compressed] ?? older[compressed] }
    }

    func remember(_ point: CurvePoint) {
        lock.withLock {
            if newer.count >= limit / 2 { (older, newer) = (newer, [:]) }
            newer[point.compressed] = point
        }
    }

    /// Points remembered.
    var count: Int { lock.withLock { newer.count + older.count } }
}
