import Glibc
import Synchronization
import Threads

/// Answers one enclave's requests for descriptors: checks that it may have what it asks for, has it opened on a
/// thread of its own, and sends it.
final class DescriptorDesk: Sendable {
    /// Files that may be open and unpublished. Beyond it the oldest is given up: the enclave does not say when it
    /// could not write a file, and such files must not fill the desk.
    static let inboxFileLimit = 1024

    private struct State {
        var allowed: Set<Destination> = []
        var webhooks: WebhookReach?
        var unpublished: [UInt64: String] = [:]
        var isClosed = false
    }

    private let socket: OwnedDescriptor
    private let frames: OwnedDescriptor
    private let source: any DescriptorSource
    private let workers: DescriptorWorkers
    private let state = Mutex(State())

    /// - Parameter frames: the connection's other socket; ended where an answer cannot be sent.
    init(
        socket: OwnedDescriptor, frames: OwnedDescriptor, source: any DescriptorSource, workers: DescriptorWorkers
    ) {
        self.socket = socket
        self.frames = frames
        self.source = source
        self.workers = workers
    }

    deinit { close() }

    /// From now on streams may go where the enclave's settings say, and nowhere else.
    func allow(_ greeting: Greeting) {
        let destinations = Set(greeting.providers.map { Destination(host: $0.host, port: $0.port) })
        workers.streams.keep(only: destinations)
        state.withLock { state in
            state.allowed = destinations
            state.webhooks = greeting.webhooks
        }
    }

    /// Forgets the enclave: files that it did not finish are removed.
    func close() {
        socket.shutDown()
        let names = state.withLock { state in
            state.isClosed = true
            defer { state.unpublished = [:] }
            return Array(state.unpublished.values)
        }
        for name in names { source.discardInboxFile(named: name) }
    }

    func openStream(_ identifier: UInt64, to destination: Destination) {
        guard state.withLock({ $0.allowed.contains(destination) }) else { return refuse(identifier, EACCES) }
        guard let pool = workers.streams.pool(for: destination) else { return refuse(identifier, EAGAIN) }
        submit(identifier, to: pool) { desk throws(DescriptorRefusal) in
            let descriptor = try desk.source.openStream(to: destination)
            defer { Glibc.close(descriptor) }
            desk.answer(identifier, descriptor: descriptor)
        }
    }

    /// A receiver's name is an operator's choice, so it must not lead to what only this machine can reach.
    func openWebhookStream(_ identifier: UInt64, to destination: Destination) {
        guard let reach = state.withLock({ $0.webhooks }), reach.includes(destination.host) else {
            return refuse(identifier, EACCES)
        }
        let mayBePrivate = reach.mayBePrivate(destination.host)
        submit(identifier, to: workers.webhooks) { desk throws(DescriptorRefusal) in
            let source = desk.source
            let descriptor =
                mayBePrivate
                ? try source.openStream(to: destination) : try source.openPublicStream(to: destination)
            defer { Glibc.close(descriptor) }
            desk.answer(identifier, descriptor: descriptor)
        }
    }

    func openInboxFile(_ identifier: UInt64) {
        submit(identifier, to: workers.inbox) { desk throws(DescriptorRefusal) in
            let file = try desk.source.openInboxFile()
            defer { Glibc.close(file.descriptor) }
            guard desk.remember(file.name, as: identifier) else {
                desk.source.discardInboxFile(named: file.name)
                throw DescriptorRefusal(status: EPIPE)
            }
            desk.answer(identifier, descriptor: file.descriptor)
        }
    }

    func publishInboxFile(_ identifier: UInt64, file: UInt64) {
        submit(identifier, to: workers.inbox) { desk throws(DescriptorRefusal) in
            let name = desk.state.withLock { $0.unpublished.removeValue(forKey: file) }
            guard let name else { throw DescriptorRefusal(status: ENOENT) }
            do throws(DescriptorRefusal) {
                try desk.source.publishInboxFile(named: name)
            } catch {
                desk.source.discardInboxFile(named: name)
                throw error
            }
            desk.answer(identifier, descriptor: nil)
        }
    }

    private func submit(
        _ identifier: UInt64, to pool: WorkerPool,
        _ work: @escaping @Sendable (DescriptorDesk) throws(DescriptorRefusal) -> Void
    ) {
        let submitted = pool.submit { [self] in
            do throws(DescriptorRefusal) {
                try work(self)
            } catch {
                refuse(identifier, error.status)
            }
        }
        if !submitted { refuse(identifier, EAGAIN) }
    }

    /// - Returns: false if the enclave is gone.
    private func remember(_ name: String, as identifier: UInt64) -> Bool {
        let (isOpen, dropped) = state.withLock { state -> (Bool, [String]) in
            guard !state.isClosed else { return (false, []) }
            var dropped: [String] = []
            // The enclave counts its requests up, so the smallest identifier is the oldest.
            if state.unpublished.count >= Self.inboxFileLimit, let oldest = state.unpublished.keys.min() {
                dropped.append(contentsOf: [state.unpublished.removeValue(forKey: oldest)].compactMap(\.self))
            }
            if let former = state.unpublished.updateValue(name, forKey: identifier) { dropped.append(former) }
            return (true, dropped)
        }
        for name in dropped { source.discardInboxFile(named: name) }
        return isOpen
    }

    private func answer(_ identifier: UInt64, descriptor: Int32?) {
        send(DescriptorMessage(identifier: identifier, status: 0), descriptor: descriptor)
    }

    private func refuse(_ identifier: UInt64, _ status: Int32) {
        send(DescriptorMessage(identifier: identifier, status: status), descriptor: nil)
    }

    private func send(_ message: DescriptorMessage, descriptor: Int32?) {
        // An enclave that does not take an answer hangs or is gone: its connection closes, and with it this desk.
        if !message.send(over: socket, descriptor: descriptor) { frames.shutDown() }
    }
}
