import CountersignClient
import Foundation
import Synchronization

/// Time that stands still until a test moves it, pauses that take none, and chance without surprise.
final class TestSurroundings: Sendable {
    private struct State {
        // 2026-11-21 08:00:00 UTC
        var now = Date(timeIntervalSince1970: 1_795_248_000)
        var pauses: [Duration] = []
        var identifiers = 0
    }

    private let state = Mutex(State())

    var now: Date { state.withLock { $0.now } }
    /// How long the client waited, each time.
    var pauses: [Duration] { state.withLock { $0.pauses } }

    func advance(seconds: TimeInterval) { state.withLock { $0.now.addTimeInterval(seconds) } }

    /// - Parameter chance: 0 for the longest pauses, 1 for the shortest.
    func surroundings(chance: Double = 0) -> Surroundings {
        Surroundings(
            now: { self.now }, chance: { chance },
            identifier: {
                self.state.withLock { state in
                    state.identifiers += 1
                    return "identifier-\(state.identifiers)"
                }
            },
            wait: { pause in self.state.withLock { $0.pauses.append(pause) } })
    }
}
