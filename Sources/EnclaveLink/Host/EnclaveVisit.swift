import Glibc

/// One connection to an enclave that another started: a service of its own, which serves one host and ends with the
/// connection. Its process is out of this one's reach.
final class EnclaveVisit: EnclaveInstance {
    private let frames: OwnedDescriptor
    private let notice = EndingNotice()

    init(frames: OwnedDescriptor) { self.frames = frames }

    var processIdentifier: pid_t? { nil }

    func ended() async -> EnclaveEnding { await notice.wait() }

    /// Ends the connection, upon which the enclave ends.
    func kill() { frames.shutDown() }

    /// To be called once nothing is read from the connection any more.
    func noteEnd() { notice.note { EnclaveEnding(cause: .disconnected, lastWords: "") } }
}
