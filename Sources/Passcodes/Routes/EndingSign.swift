import Synchronization

/// Whether the server is about to end: sends that are under way then ask nobody else.
final class EndingSign: Sendable {
    private let raised = Atomic(false)

    var isRaised: Bool { raised.load(ordering: .relaxed) }

    func raise() { raised.store(true, ordering: .relaxed) }
}
