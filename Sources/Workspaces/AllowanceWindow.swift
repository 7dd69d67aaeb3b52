import Storage

/// A hard ceiling: at most `limit` uses in any stretch of `period`, wherever it begins.
///
/// It is made of `limit` allowances of one use each, its places: a place that was used is free again a whole period
/// later. Taking asks one place after the other, which suits limits of a few.
struct AllowanceWindow: Sendable {
    /// What is limited, as the error names it.
    let kind: String
    let subject: String
    /// Uses in a period.
    let limit: Int
    /// Milliseconds.
    let period: Int64

    private var places: [Allowance] {
        (0..<limit).map { Allowance(kind: kind, subject: "\(subject) \($0)", limit: 1, period: period) }
    }

    /// Takes one use. Returns nil if it was granted, else the milliseconds until one is free.
    func take(workspace: String, now: Int64, in transaction: any Transaction) throws(StorageError) -> Int64? {
        var shortest = period
        for place in places {
            guard let wait = try place.take(workspace: workspace, now: now, in: transaction) else { return nil }
            shortest = min(shortest, wait)
        }
        return shortest
    }

    /// Gives back one use that was taken at `now`.
    func giveBack(workspace: String, takenAt now: Int64, in transaction: any Transaction) throws(StorageError) {
        for place in places where try place.giveBack(workspace: workspace, takenAt: now, in: transaction) { return }
    }
}
