import HTTPServer
import Testing

/// Returns once the condition holds; fails the test after ten seconds.
func untilTrue(_ condition: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let start = ContinuousClock.now
    while !condition() {
        guard start.duration(to: .now) < .seconds(10) else {
            Issue.record("waited for ten seconds", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Clients that only one thread uses at a time.
struct UncheckedClients: @unchecked Sendable {
    let clients: [Client]

    init(_ clients: [Client]) { self.clients = clients }
}
