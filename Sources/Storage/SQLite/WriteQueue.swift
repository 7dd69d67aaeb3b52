import Threads

/// The writes that wait for the writer, first come, first served, and no more than `limit` of them.
final class WriteQueue: Sendable {
    private struct State {
        var units: [any WriteUnit] = []
        var first = 0
        var isClosed = false

        var count: Int { units.count - first }

        var emptiesLogNext: Bool { first < units.count && units[first].emptiesLog }

        mutating func next() -> (any WriteUnit)? {
            guard first < units.count else { return nil }
            let unit = units[first]
            first += 1
            // Dropping what was taken only now and then keeps each step cheap.
            if first == units.count {
                units.removeAll(keepingCapacity: true)
                first = 0
            } else if first == 1_024 {
                units.removeFirst(first)
                first = 0
            }
            return unit
        }
    }

    private enum Step {
        case unit(any WriteUnit)
        case end
    }

    let limit: Int
    private let state = Monitor(State())

    init(limit: Int) { self.limit = limit }

    /// Adds a unit. Refuses it at once when the queue is full or closed.
    func add(_ unit: any WriteUnit) {
        let refusal: StorageError? = state.updateForOne { state in
            if state.isClosed { return .closed }
            if state.count >= limit { return StorageError(.unavailable, reason: "\(limit) writes are waiting") }
            state.units.append(unit)
            return nil
        }
        if let refusal { unit.refuse(refusal) }
    }

    /// The next unit, as soon as there is one; nil once the queue is closed and empty.
    func waitForNext() -> (any WriteUnit)? {
        let step: Step = state.wait { state in
            if let unit = state.next() { return .unit(unit) }
            return state.isClosed ? .end : nil
        }
        if case .unit(let unit) = step { return unit }
        return nil
    }

    /// The next unit if one is waiting that is a write.
    func nextWrite() -> (any WriteUnit)? { state.withLock { $0.emptiesLogNext ? nil : $0.next() } }

    /// How many units wait.
    var count: Int { state.withLock { $0.count } }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Refuses new units; those that wait stay in the queue.
    func close() {
        state.update { $0.isClosed = true }
    }
}
