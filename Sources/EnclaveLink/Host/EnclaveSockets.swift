import Activation
import Glibc

/// One side's descriptors of everything that runs between host and enclave.
struct EnclaveDescriptors: Sendable {
    let frames: OwnedDescriptor
    /// Carries descriptors; a message keeps its bounds.
    let descriptors: OwnedDescriptor
    /// The enclave's standard error. A socket, because it can be made close-on-exec in one step.
    let events: OwnedDescriptor
}

/// Makes both sides' descriptors.
enum EnclaveSockets {
    /// How long one send of the host waits for room, so that an enclave that stopped reading holds no thread for ever.
    /// Frames are tried again until `CallLimits.sendTimeLimit`.
    private static let sendPause = Duration.milliseconds(100)

    /// - Parameter sendTimeLimit: how long the host tries to send a descriptor.
    /// - Returns: nil if the system has none to give.
    static func make(
        sendTimeLimit: Duration = CallLimits().sendTimeLimit
    ) -> (host: EnclaveDescriptors, enclave: EnclaveDescriptors)? {
        guard
            let frames = socketPair(SOCK_STREAM), let descriptors = socketPair(SOCK_SEQPACKET),
            let events = socketPair(SOCK_STREAM)
        else { return nil }
        guard frames.0.limitSends(to: sendPause), descriptors.0.limitSends(to: sendTimeLimit) else { return nil }
        return (
            EnclaveDescriptors(frames: frames.0, descriptors: descriptors.0, events: events.0),
            EnclaveDescriptors(frames: frames.1, descriptors: descriptors.1, events: events.1)
        )
    }

    /// Connects to an enclave that listens, and gives it its end of the socket that carries descriptors: the message that
    /// brings it is the first of all.
    ///
    /// - Throws: `notStarted`, also where somebody else than the enclave listens there.
    static func connect(
        to path: String, sendTimeLimit: Duration
    ) throws(EnclaveStartError) -> (frames: OwnedDescriptor, descriptors: OwnedDescriptor) {
        guard let address = UnixSocketAddress(path) else {
            throw EnclaveStartError(.notStarted, reason: "\(path): the path of a Unix socket has at most 107 bytes")
        }
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0, let descriptors = socketPair(SOCK_SEQPACKET) else {
            throw EnclaveStartError(.notStarted, reason: "no descriptor left")
        }
        let frames = OwnedDescriptor(number)
        // It also bounds the wait for a queue that nobody empties.
        guard frames.limitSends(to: sendPause), descriptors.0.limitSends(to: sendTimeLimit),
            address.withPointer({ Glibc.connect(number, $0, $1) }) == 0
        else { throw unreachable(path) }
        if let refusal = ListenerOwner.refusal(of: frames, at: path) {
            throw EnclaveStartError(.notStarted, reason: refusal)
        }
        guard DescriptorMessage.passing.send(over: frames, descriptor: descriptors.1.number) else {
            throw unreachable(path)
        }
        return (frames, descriptors.0)
    }

    private static func unreachable(_ path: String) -> EnclaveStartError {
        EnclaveStartError(.notStarted, reason: "\(path): \(String(cString: strerror(errno)))")
    }

    private static func socketPair(_ kind: __socket_type) -> (OwnedDescriptor, OwnedDescriptor)? {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(kind.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else { return nil }
        return own(ends)
    }

    private static func own(_ ends: [Int32]) -> (OwnedDescriptor, OwnedDescriptor)? {
        let first = aboveTheEnclaves(ends[0])
        let second = aboveTheEnclaves(ends[1])
        guard let first, let second else { return nil }
        return (first, second)
    }

    /// Moves a descriptor out of the way: the child's numbers 2, 3, 4 and 5 are filled one after the other, and one
    /// that has yet to be copied must not be overwritten.
    private static func aboveTheEnclaves(_ number: Int32) -> OwnedDescriptor? {
        if number > EnclaveCommand.pinDescriptor { return OwnedDescriptor(number) }
        let moved = fcntl(number, F_DUPFD_CLOEXEC, EnclaveCommand.pinDescriptor + 1)
        close(number)
        return moved < 0 ? nil : OwnedDescriptor(moved)
    }
}
