import EnclaveLink

/// How many messages are under way at the same time, and how many of them are one workspace's: never more than there is
/// room for besides, so that receivers that are slow, however many, leave room for the next workspace's.
struct DeliveryShare {
    static let limit = DeliverWebhook.parallel

    private var underWay: [String: Int] = [:]
    private(set) var total = 0

    var isEmpty: Bool { total == 0 }
    var hasRoom: Bool { total < Self.limit }

    /// Takes up to so many places for a workspace.
    ///
    /// - Returns: how many, 0 if it has its share.
    mutating func take(_ wanted: Int, for workspace: String) -> Int {
        var taken = 0
        while taken < wanted, underWay[workspace, default: 0] < Self.limit - total {
            hold(1, for: workspace)
            taken += 1
        }
        return taken
    }

    /// Counts places that were taken already.
    mutating func hold(_ count: Int, for workspace: String) {
        underWay[workspace, default: 0] += count
        total += count
    }

    mutating func release(_ count: Int, of workspace: String) {
        hold(-count, for: workspace)
        if underWay[workspace] == 0 { underWay[workspace] = nil }
    }
}
