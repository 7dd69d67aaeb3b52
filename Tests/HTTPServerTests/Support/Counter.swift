import HTTPServer
import Synchronization

/// Counts calls of a handler.
final class Counter: Sendable {
    private let calls = Atomic(0)

    var count: Int { calls.load(ordering: .sequentiallyConsistent) }

    func add() { calls.add(1, ordering: .sequentiallyConsistent) }

    func answer() -> Response {
        add()
        return Response(status: .ok)
    }
}
