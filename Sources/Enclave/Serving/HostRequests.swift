import EnclaveLink
import Glibc
import Threads

/// Asks the host for streams and inbox files over the link, and waits for what it sends.
final class HostRequests: DescriptorRequesting {
    private typealias Answer = (status: Int32, descriptor: Int32?)

    private struct State: Sendable {
        var lastIdentifier: UInt64 = 0
        var waiting: Set<UInt64> = []
        var answered: [UInt64: Answer] = [:]
        var isHostGone = false
    }

    private let socket: OwnedDescriptor
    private let frames: FrameOutbox
    private let state = Threads.Monitor(State())

    /// - Parameters:
    ///   - socket: over which descriptors arrive.
    ///   - frames: over which the host is asked.
    init(socket: OwnedDescriptor, frames: FrameOutbox) {
        self.socket = socket
        self.frames = frames
    }

    /// Starts the thread that receives.
    /// - Returns: false if the system has no thread to give.
    func start() -> Bool { DetachedThread.start("descriptors") { [self] in receive() } }

    func openStream(
        to destination: Destination, for use: StreamUse, deadline: ContinuousClock.Instant
    ) throws(DescriptorError) -> Int32 {
        let kind =
            switch use {
            case .provider: EnclaveFrameKind.openStream
            case .webhook: EnclaveFrameKind.openWebhookStream
            }
        let answer = try ask(kind, until: deadline) { $0.write(destination) }
        guard let descriptor = answer.descriptor else { throw .hostUnavailable }
        return descriptor
    }

    func openInboxFile(deadline: ContinuousClock.Instant) throws(DescriptorError) -> InboxFile {
        var identifier: UInt64 = 0
        let answer = try ask(.openInboxFile, until: deadline, note: { identifier = $0 }) { _ in }
        guard let descriptor = answer.descriptor else { throw .hostUnavailable }
        return InboxFile(descriptor: descriptor, identifier: identifier)
    }

    func publishInboxFile(_ identifier: UInt64, deadline: ContinuousClock.Instant) throws(DescriptorError) {
        let answer = try ask(.inboxFileWritten, until: deadline) { $0.write(identifier) }
        if let unexpected = answer.descriptor { close(unexpected) }
    }

    private func ask(
        _ kind: EnclaveFrameKind, until deadline: ContinuousClock.Instant, note: (UInt64) -> Void = { _ in },
        fields: (inout FrameWriter) -> Void
    ) throws(DescriptorError) -> Answer {
        let identifier = state.withLock { state in
            state.lastIdentifier += 1
            state.waiting.insert(state.lastIdentifier)
            return state.lastIdentifier
        }
        note(identifier)
        var writer = FrameWriter()
        Envelope(identifier: identifier, kind: kind).encode(into: &writer)
        fields(&writer)
        guard let frame = try? writer.finish() else {
            state.withLock { _ = $0.waiting.remove(identifier) }
            throw .refused
        }
        frames.add(frame)
        frames.flush()
        let answer = try awaitAnswer(identifier, until: deadline)
        guard answer.status == 0 else { throw Self.error(answer.status) }
        return answer
    }

    private func awaitAnswer(
        _ identifier: UInt64, until deadline: ContinuousClock.Instant
    ) throws(DescriptorError) -> Answer {
        let result: Result<Answer, DescriptorError> = state.wait { state, wake in
            if let answer = state.answered.removeValue(forKey: identifier) { return .success(answer) }
            if !state.isHostGone, deadline > .now {
                wake = deadline
                return nil
            }
            // Not waited for any more: a descriptor that comes later is closed by the thread that receives it.
            state.waiting.remove(identifier)
            return .failure(state.isHostGone ? .hostUnavailable : .timedOut)
        }
        return try result.get()
    }

    private func receive() {
        while let (message, descriptor) = DescriptorMessage.receive(over: socket) {
            let isWanted = state.update { state in
                guard state.waiting.remove(message.identifier) != nil else { return false }
                state.answered[message.identifier] = (message.status, descriptor)
                return true
            }
            if !isWanted, let descriptor { close(descriptor) }
        }
        state.update { $0.isHostGone = true }
    }

    private static func error(_ status: Int32) -> DescriptorError {
        switch status {
        case ETIMEDOUT: .timedOut
        case EHOSTUNREACH, ENETUNREACH, ECONNREFUSED, ECONNRESET, ENETDOWN, EADDRNOTAVAIL: .unreachable
        case EAGAIN, EMFILE, ENFILE, EPIPE: .hostUnavailable
        default: .refused
        }
    }
}
