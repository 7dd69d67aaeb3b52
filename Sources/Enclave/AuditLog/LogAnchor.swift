/// Keeps the heads of the logs for when this process has ended.
protocol LogAnchor: Sendable {
    /// What was kept last when the anchor was opened.
    var heads: AnchoredHeads { get }
    /// Keeps `heads` instead. Called by one thread at a time.
    /// - Returns: false unless they are where a loss of power leaves them; what was kept before then still counts.
    func keep(_ heads: AnchoredHeads) -> Bool
}
