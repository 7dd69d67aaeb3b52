import EnclaveLink
import Glibc
import Synchronization
import Threads

@testable import EnclaveLink

/// The enclave's end of a connection, played by a test.
final class FakeEnclave: Sendable {
    let frames: OwnedDescriptor
    let descriptors: OwnedDescriptor
    let connection: EnclaveConnection
    let source: FakeSource
    private let splitter = Mutex(FrameSplitter())

    init?(limits: CallLimits = CallLimits(), source: FakeSource = FakeSource()) {
        guard let (host, enclave) = EnclaveSockets.make(sendTimeLimit: limits.sendTimeLimit),
            let workers = DescriptorWorkers()
        else { return nil }
        frames = enclave.frames
        descriptors = enclave.descriptors
        self.source = source
        connection = EnclaveConnection(
            socket: host.frames,
            desk: DescriptorDesk(
                socket: host.descriptors, frames: host.frames, source: source, workers: workers),
            limits: limits)
        guard connection.start() else { return nil }
    }

    deinit { connection.close() }

    func send(_ bytes: [UInt8]) { _ = frames.sendAll(bytes) }

    /// Reads the next request's envelope.
    func nextCall() async -> Envelope<RequestKind>? { await Self.blocking { self.awaitCall() } }

    /// Receives the host's next answer to `ask`; its descriptor is closed.
    func nextDescriptor() async -> (message: DescriptorMessage, hadDescriptor: Bool)? {
        await Self.blocking { [descriptors] in
            guard let (message, descriptor) = DescriptorMessage.receive(over: descriptors) else { return nil }
            if let descriptor { close(descriptor) }
            return (message, descriptor != nil)
        }
    }

    /// Waits on a thread of its own: the few threads that tests share must not block.
    private static func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value?) async -> Value? {
        await withCheckedContinuation { continuation in
            if !DetachedThread.start("blocking", { continuation.resume(returning: body()) }) {
                continuation.resume(returning: nil)
            }
        }
    }

    /// Reads the next request's envelope. Blocks.
    func awaitCall() -> Envelope<RequestKind>? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { buffer.deallocate() }
        return splitter.withLock { splitter in
            while true {
                if let body = try? splitter.next() {
                    var reader = FrameReader(body)
                    return try? Envelope(from: &reader)
                }
                guard let bytes = frames.receive(into: buffer) else { return nil }
                splitter.append(bytes)
            }
        }
    }

    /// Asks the host for something.
    func ask(_ kind: EnclaveFrameKind, _ identifier: UInt64, fields: (inout FrameWriter) -> Void = { _ in }) throws {
        var writer = FrameWriter()
        Envelope(identifier: identifier, kind: kind).encode(into: &writer)
        fields(&writer)
        send(try writer.finish())
    }

    /// Greets the host, naming one destination. Call it while the host's `greet()` waits.
    func greet(_ destination: Destination, webhooks: WebhookReach? = nil) async throws {
        guard let call = await nextCall() else { return }
        var greeting = Samples.greeting
        greeting.providers = [
            ConfiguredProvider(purpose: .messages(.email), name: "smtp", host: destination.host, port: destination.port)
        ]
        greeting.webhooks = webhooks
        send(try Envelope.succeeded(call.identifier, greeting))
    }
}

/// Opens nothing but a file of its own, and keeps what it was asked.
final class FakeSource: DescriptorSource {
    let asked = Mutex<[String]>([])

    func openStream(to destination: Destination) throws(DescriptorRefusal) -> Int32 {
        asked.withLock { $0.append("stream \(destination.host):\(destination.port)") }
        return open("/dev/null", O_RDWR)
    }

    func openPublicStream(to destination: Destination) throws(DescriptorRefusal) -> Int32 {
        asked.withLock { $0.append("public stream \(destination.host):\(destination.port)") }
        return open("/dev/null", O_RDWR)
    }

    func openInboxFile() throws(DescriptorRefusal) -> OpenedInboxFile {
        let name = asked.withLock { asked in
            asked.append("open")
            return "file\(asked.count)"
        }
        return OpenedInboxFile(descriptor: open("/dev/null", O_WRONLY), name: name)
    }

    func publishInboxFile(named name: String) throws(DescriptorRefusal) {
        asked.withLock { $0.append("publish \(name)") }
    }

    func discardInboxFile(named name: String) { asked.withLock { $0.append("discard \(name)") } }
}
