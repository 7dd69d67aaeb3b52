import Glibc

/// One life of an enclave, as its supervisor sees it.
protocol EnclaveInstance: Sendable {
    /// The number of its process; nil where that is another's child.
    var processIdentifier: pid_t? { get }

    /// Waits until it has ended.
    func ended() async -> EnclaveEnding

    /// Ends it at once, if it has not ended.
    func kill()
}

extension EnclaveInstance {
    /// Waits until it has ended; after `grace` it is ended by force, which ends a stopped process too.
    func end(within grace: Duration = .seconds(2)) async {
        let force = Task {
            try await Task.sleep(for: grace)
            kill()
        }
        _ = await ended()
        force.cancel()
    }
}
