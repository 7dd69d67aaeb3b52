import EnclaveLink
import Glibc

/// Writes messages as files into the inbox, for every channel that has no provider.
final class InboxWriter: LaneWorker {
    /// The name of the inbox in outcomes and logs.
    static let providerName = Greeting.inbox

    private let composer: MailComposer
    private let descriptors: any DescriptorRequesting

    init(composer: MailComposer, descriptors: any DescriptorRequesting) {
        self.composer = composer
        self.descriptors = descriptors
    }

    func run(_ message: OutgoingMessage, until deadline: ContinuousClock.Instant) -> DeliveryOutcome {
        let bytes = composer.inboxFile(for: message)
        do {
            let file = try descriptors.openInboxFile(deadline: deadline)
            guard Self.store(bytes, in: file.descriptor) else { return Self.failure(.inboxUnavailable) }
            // Nothing is written yet where a reader looks, so a message given up here has not arrived.
            guard deadline > .now else { return Self.failure(.timedOut) }
            return publish(file, deadline: deadline)
        } catch {
            return Self.failure(error == .timedOut ? .timedOut : .inboxUnavailable)
        }
    }

    private func publish(_ file: InboxFile, deadline: ContinuousClock.Instant) -> DeliveryOutcome {
        do {
            try descriptors.publishInboxFile(file.identifier, deadline: deadline)
            return .accepted(provider: Self.providerName)
        } catch .refused {
            return Self.failure(.inboxUnavailable)
        } catch {
            return Self.failure(error == .timedOut ? .timedOut : .inboxUnavailable, mayHaveArrived: true)
        }
    }

    /// Writes and syncs, then closes in any case.
    private static func store(_ bytes: [UInt8], in descriptor: Int32) -> Bool {
        let written = write(bytes, to: descriptor) && fsync(descriptor) == 0
        return close(descriptor) == 0 && written
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    private static func failure(
        _ reason: DeliveryFailure.Reason, mayHaveArrived: Bool = false
    ) -> DeliveryOutcome {
        .failed(
            DeliveryFailure(
                provider: providerName, reason: reason, providerStatus: 0, mayHaveArrived: mayHaveArrived))
    }
}
