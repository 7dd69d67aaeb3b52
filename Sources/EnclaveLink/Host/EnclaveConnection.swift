import Synchronization
import Threads

/// The host's end of the conversation with one enclave process. It never comes back once closed.
///
/// One thread writes: calls that arrive while it writes leave together in its next write. One thread reads: it takes
/// all answers that a read brought before it resumes anybody.
final class EnclaveConnection: EnclaveCalling {
    private let socket: OwnedDescriptor
    private let desk: DescriptorDesk
    private let calls: CallTable
    private let sendTimeLimit: Duration
    private let lastIdentifier = Atomic<UInt64>(0)
    private let greeted = Mutex<Greeting?>(nil)

    init(socket: OwnedDescriptor, desk: DescriptorDesk, limits: CallLimits) {
        self.socket = socket
        self.desk = desk
        calls = CallTable(limits: limits)
        sendTimeLimit = limits.sendTimeLimit
    }

    /// What the enclave said of itself; nil before `greet()`.
    var greeting: Greeting? { greeted.withLock { $0 } }

    var isQuiet: Bool { calls.isQuiet }

    /// Calls without an answer yet.
    var callsUnderWay: Int { calls.underWay }

    /// - Parameter ended: called once the connection is closed, by whomever.
    /// - Returns: false if the system has no threads to give.
    func start(ended: @escaping @Sendable () -> Void = {}) -> Bool {
        let reading = DetachedThread.start("enclave read") { [self] in
            read()
            close()
            ended()
        }
        let writing = DetachedThread.start("enclave write") { [self] in
            write()
            close()
        }
        if !reading || !writing { close() }
        return reading && writing
    }

    /// The first call: afterwards the enclave may have streams to its own providers.
    func greet() async throws(EnclaveError) -> Greeting {
        let greeting = try await call(Greet())
        desk.allow(greeting)
        greeted.withLock { $0 = greeting }
        return greeting
    }

    /// - Throws: `unavailable` once the enclave is gone or the call's time limit has passed; the enclave may have done
    ///   what it was asked. `overloaded` if too many calls are under way. Cancelling the task does not end the wait:
    ///   a call has a time limit, and an attempt must not be counted without its outcome being known.
    func call<Request: EnclaveRequest>(_ request: Request) async throws(EnclaveError) -> Request.Reply {
        let identifier = lastIdentifier.wrappingAdd(1, ordering: .relaxed).newValue
        let frame: [UInt8]
        do { frame = try request.frame(identifier: identifier) } catch { throw EnclaveError(.requestRefused) }
        let deadline = ContinuousClock.now + .milliseconds(request.timeLimit)
        let answer = await withCheckedContinuation { continuation in
            calls.add(frame, CallUnderWay(identifier: identifier, deadline: deadline, continuation: continuation))
        }
        switch answer {
        case .failed(let error): throw error
        case .answered(let kind, let fields):
            return try EnclaveAnswer.decode(Request.Reply.self, kind: kind, fields: fields)
        }
    }

    /// Ends the conversation: calls under way fail with `unavailable`.
    func close() {
        socket.shutDown()
        calls.close()
        desk.close()
    }

    private func write() {
        while let work = calls.nextWork() {
            if work.isFirstSilence { probe() }
            if !work.bytes.isEmpty, !send(work.bytes) { return }
        }
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var lastHeadway = ContinuousClock.now
        return socket.sendAll(bytes, headway: { lastHeadway = .now }) {
            calls.sweepWhileSending() && .now - lastHeadway < sendTimeLimit
        }
    }

    /// Asks for something that every enclave that lives answers at once. A late call alone may be the fault of what it
    /// asked for, and ending an enclave ends every challenge that was made by it.
    private func probe() {
        Task { [weak self] in _ = try? await self?.call(Greet()) }
    }

    private func read() {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: FrameWriter.bodyLimit, alignment: 16)
        defer { buffer.deallocate() }
        var splitter = FrameSplitter()
        do {
            while let bytes = socket.receive(into: buffer) {
                calls.hear()
                splitter.append(bytes)
                try handleFrames(&splitter)
            }
        } catch {
            // Whoever sends such bytes is no enclave of ours; closing is all that there is to do.
        }
    }

    private func handleFrames(_ splitter: inout FrameSplitter) throws(FrameError) {
        var answers: [(UInt64, CallAnswer)] = []
        while let body = try splitter.next() {
            var fields = FrameReader(Array(body))
            let envelope = try Envelope<EnclaveFrameKind>(from: &fields)
            switch envelope.kind {
            case .succeeded, .failed: answers.append((envelope.identifier, .answered(envelope.kind, fields)))
            case .openStream: desk.openStream(envelope.identifier, to: try fields.read())
            case .openWebhookStream: desk.openWebhookStream(envelope.identifier, to: try fields.read())
            case .openInboxFile: desk.openInboxFile(envelope.identifier)
            case .inboxFileWritten: desk.publishInboxFile(envelope.identifier, file: try fields.read())
            }
        }
        calls.resume(answers)
    }
}
