import EnclaveLink

/// What one transfer needs while libcurl runs it, and what it saw: the target of libcurl's callbacks.
final class SMTPTransfer {
    let streams: HostStreams

    private let destination: Destination
    private var body: [UInt8] = []
    private var sent = 0
    /// The last message command that went out.
    private(set) var command = SMTPCommand.opening

    init(to destination: Destination, streams: HostStreams) {
        self.destination = destination
        self.streams = streams
    }

    /// True once the whole body was handed over.
    var isHandedOver: Bool { !body.isEmpty && sent == body.count }

    func begin(body: [UInt8], deadline: ContinuousClock.Instant) {
        self.body = body
        sent = 0
        command = .opening
        streams.begin(to: destination, until: deadline)
    }

    /// Forgets the message. A stream opened from now on is refused.
    func end() {
        body = []
        streams.end()
    }

    /// Copies the next bytes of the body, returns how many; 0 ends the message.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, body.count - sent)
        body.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[sent..<sent + count])) }
        sent += count
        return count
    }

    func commandSent(_ line: UnsafeBufferPointer<UInt8>) {
        // After QUIT libcurl waits for the server's answer, up to two minutes and past every deadline; with nothing
        // left to read it closes at once.
        if line.elementsEqual("QUIT\r\n".utf8) { streams.hangUp() }
        if let next = SMTPCommand(line: line) { command = next }
    }
}
