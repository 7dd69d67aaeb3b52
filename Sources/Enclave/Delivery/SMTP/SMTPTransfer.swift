import CCurl
import Glibc

/// What one transfer needs while libcurl runs it, and what it saw: the target of libcurl's callbacks.
final class SMTPTransfer {
    private let host: String
    private let port: UInt16
    private let descriptors: any DescriptorRequesting

    private var body: [UInt8] = []
    private var sent = 0
    private var deadline: ContinuousClock.Instant?
    /// The newest stream, which belongs to libcurl; -1 if there is none.
    private var stream: Int32 = -1
    /// The last message command that went out.
    private(set) var command = SMTPCommand.opening
    /// The host's reason for not opening a stream.
    private(set) var refusal: DescriptorError?
    /// True if this transfer asked for a new stream, so that it did not run on a connection kept from an earlier one.
    private(set) var openedStream = false

    init(host: String, port: UInt16, descriptors: any DescriptorRequesting) {
        self.host = host
        self.port = port
        self.descriptors = descriptors
    }

    /// True once the whole body was handed over.
    var isHandedOver: Bool { !body.isEmpty && sent == body.count }

    func begin(body: [UInt8], deadline: ContinuousClock.Instant) {
        self.body = body
        self.deadline = deadline
        sent = 0
        command = .opening
        refusal = nil
        openedStream = false
    }

    /// Forgets the message. A stream opened from now on is refused.
    func end() {
        body = []
        deadline = nil
    }

    /// Copies the next bytes of the body, returns how many; 0 ends the message.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, body.count - sent)
        body.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[sent..<sent + count])) }
        sent += count
        return count
    }

    /// A connected stream, or libcurl's `CURL_SOCKET_BAD`.
    func openStream() -> Int32 {
        openedStream = true
        guard let deadline else { return -1 }
        do {
            let descriptor = try descriptors.openStream(host: host, port: port, deadline: deadline)
            ConnectAnswer.ensure()
            stream = descriptor
            return descriptor
        } catch {
            refusal = error
            return -1
        }
    }

    func commandSent(_ line: UnsafeBufferPointer<UInt8>) {
        if line.elementsEqual("QUIT\r\n".utf8) { hangUp() }
        if let next = SMTPCommand(line: line) { command = next }
    }

    /// Ends the stream's incoming side. After QUIT libcurl waits for the server's answer, up to two minutes and past
    /// every deadline; with nothing left to read it closes at once.
    private func hangUp() {
        if stream >= 0 { shutdown(stream, Int32(SHUT_RD)) }
        stream = -1
    }
}
