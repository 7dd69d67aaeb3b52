import Synchronization

/// The places of those who wait: event streams, WebSockets and long polls.
///
/// A place is held under any number of names, such as a caller's and a network's, and the same name holds a tenth of all
/// places at most. So nobody who may wait can keep everybody else from it.
final class WaitingPlaces: Sendable {
    /// One name holds one of so many places, and at least one.
    static let namesThatFill = 10

    private struct State {
        var taken = 0
        /// Only of names that hold a place.
        var takenByName: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let maximum: Int
    private let maximumOfOneName: Int

    init(maximum: Int) {
        self.maximum = maximum
        maximumOfOneName = max(1, maximum / Self.namesThatFill)
    }

    /// Takes a place under all of these names, or under none.
    ///
    /// - Throws: `tooManyWaiting` where no place is left, `waitingShareTaken` where one of the names has its share.
    func take(by names: [String]) throws(RefusalReason) -> WaitingPlace {
        let refusal = state.withLock { state -> RefusalReason? in
            guard state.taken < maximum else { return .tooManyWaiting }
            guard names.allSatisfy({ state.takenByName[$0, default: 0] < maximumOfOneName }) else {
                return .waitingShareTaken
            }
            state.taken += 1
            for name in names { state.takenByName[name, default: 0] += 1 }
            return nil
        }
        if let refusal { throw refusal }
        return WaitingPlace(names: names)
    }

    /// Gives back a place that was taken.
    func leave(_ place: WaitingPlace) {
        state.withLock { state in
            state.taken -= 1
            for name in place.names {
                let left = state.takenByName[name, default: 0] - 1
                state.takenByName[name] = left > 0 ? left : nil
            }
        }
    }

    /// The number of clients that wait.
    var count: Int { state.withLock { $0.taken } }
}

/// A place among those who wait.
struct WaitingPlace: Sendable {
    fileprivate let names: [String]
}
