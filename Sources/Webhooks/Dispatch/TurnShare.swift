import EnclaveLink

/// How many turns run at the same time, and how many of them are one workspace's: never more than are free, so that
/// receivers that are slow, however many, leave room for the next workspace's.
struct TurnShare {
    static let limit = DeliverWebhook.parallel / WebhookTurn.size

    private var running: [String: Int] = [:]
    private(set) var total = 0

    var isEmpty: Bool { total == 0 }
    var hasRoom: Bool { total < Self.limit }

    /// Takes a turn for a workspace. False if it has its share.
    mutating func take(_ workspace: String) -> Bool {
        guard running[workspace, default: 0] < Self.limit - total else { return false }
        running[workspace, default: 0] += 1
        total += 1
        return true
    }

    mutating func release(_ workspace: String) {
        total -= 1
        let left = running[workspace, default: 1] - 1
        running[workspace] = left > 0 ? left : nil
    }
}
