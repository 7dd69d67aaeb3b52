/// Keeps those who come waiting until it is opened, and tells when so many have come.
public actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// How many have come so far.
    public private(set) var arrivals = 0
    private var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    public init() {}

    public func pass() async {
        arrivals += 1
        let seen = watchers.filter { $0.count <= arrivals }
        watchers.removeAll { $0.count <= arrivals }
        for watcher in seen { watcher.continuation.resume() }
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    }

    public func open() {
        isOpen = true
        let freed = waiting
        waiting = []
        for continuation in freed { continuation.resume() }
    }

    /// Waits until so many have come.
    public func reached(by count: Int) async {
        if arrivals < count { await withCheckedContinuation { watchers.append((count, $0)) } }
    }
}
