import Synchronization

/// An anchor in memory, for the tests of other rooms.
public final class MemoryAnchor: LogAnchor {
    private struct State {
        var heads = AnchoredHeads()
        var isBroken = false
    }

    private let state = Mutex(State())

    public init() {}

    var heads: AnchoredHeads { state.withLock { $0.heads } }

    func keep(_ heads: AnchoredHeads) -> Bool {
        state.withLock { state in
            guard !state.isBroken else { return false }
            state.heads = heads
            return true
        }
    }

    /// Whether nothing can be kept, as on a full disk.
    public var isBroken: Bool {
        get { state.withLock { $0.isBroken } }
        set { state.withLock { $0.isBroken = newValue } }
    }

    /// What an operator does after a restore; it counts from the enclave's next restart.
    public func acknowledgeRestore() { state.withLock { $0.heads = $0.heads.afterRestore } }

    /// A copy of the anchor as it is now, to be put in its place later.
    public func copy() -> MemoryAnchor {
        let copy = MemoryAnchor()
        copy.state.withLock { $0.heads = heads }
        return copy
    }
}
