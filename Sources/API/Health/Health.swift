/// Whether the server can do its work, and what keeps it from it. Short words only: whoever asks needs no key, and the
/// rest is for `countersign doctor`.
struct Health: Sendable, Equatable {
    /// What is looked at.
    enum Check: String, Sendable, CaseIterable {
        case server, database, disk, enclave, vault
        case signingKeys = "signing_keys"
        case auditLog = "audit_log"
        case certificate, providers
    }

    enum State: String, Sendable {
        case ok
        /// It works, and somebody should look.
        case degraded
        case failing
        /// It is there and says nothing.
        case unanswered = "not_answering"
        /// The server is told to end and takes no new connections.
        case draining

        /// Whether the server is not ready because of it.
        var stopsWork: Bool {
            switch self {
            case .failing, .unanswered, .draining: true
            case .ok, .degraded: false
            }
        }
    }

    /// In the order of the cases.
    var checks: [(check: Check, state: State)]

    var isReady: Bool { !checks.contains { $0.state.stopsWork } }

    /// `ok`, `degraded` where something should be looked at, `failing` or `draining` where it is not ready.
    var state: State {
        let states = checks.map(\.state)
        if states.contains(.draining) { return .draining }
        if !isReady { return .failing }
        return states.contains(.degraded) ? .degraded : .ok
    }

    /// The same of a server that is told to end.
    func draining(_ isDraining: Bool) -> Health {
        guard isDraining else { return self }
        return Health(checks: checks.map { ($0.check, $0.check == .server ? .draining : $0.state) })
    }

    static func == (one: Self, other: Self) -> Bool {
        one.checks.elementsEqual(other.checks) { $0.check == $1.check && $0.state == $1.state }
    }
}
