import EnclaveLink
import Synchronization

/// Collects frames for the host. Whoever flushes writes all that has gathered, so that one write carries many frames.
final class FrameOutbox: AnswerSink {
    private let socket: OwnedDescriptor
    private let gathered = Mutex<[UInt8]>([])
    private let writing = Mutex<Void>(())

    init(socket: OwnedDescriptor) { self.socket = socket }

    func add(_ frame: [UInt8]) { gathered.withLock { $0.append(contentsOf: frame) } }

    func flush() {
        writing.withLock { _ in
            let bytes = gathered.withLock { gathered in
                defer { gathered = [] }
                return gathered
            }
            // A write fails when the host is gone; the reading thread sees that too and ends the process.
            if !bytes.isEmpty { _ = socket.sendAll(bytes) }
        }
    }
}
