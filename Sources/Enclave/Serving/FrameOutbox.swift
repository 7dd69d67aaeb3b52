import EnclaveLink
import Synchronization

/// Collects frames for the host. Whoever flushes writes all that has gathered, so that one write carries many frames.
final class FrameOutbox: AnswerSink {
    /// Above so many bytes whoever flushes waits for the write under way, so that a host that does not read stops the
    /// enclave instead of filling its memory.
    private static let patience = 1024 * 1024

    private struct Gathered {
        var bytes: [UInt8] = []
        var frames = 0
    }

    private let socket: OwnedDescriptor
    private let gathered = Mutex(Gathered())
    private let writing = Mutex<Void>(())

    init(socket: OwnedDescriptor) { self.socket = socket }

    func add(_ frame: [UInt8]) {
        gathered.withLock { gathered in
            gathered.bytes.append(contentsOf: frame)
            gathered.frames += 1
        }
    }

    func flush() {
        // Who finds a write under way leaves its frames to the writer, which looks for more after it let go.
        while true {
            let waiting = gathered.withLock { $0.bytes.count }
            if waiting == 0 { return }
            if waiting > Self.patience {
                writing.withLock { _ in write() }
            } else if writing.withLockIfAvailable({ _ in write() }) == nil {
                return
            }
        }
    }

    func flush(gathered count: Int) {
        if gathered.withLock({ $0.frames >= count }) { flush() }
    }

    private func write() {
        let bytes = gathered.withLock { gathered in
            defer { gathered = Gathered() }
            return gathered.bytes
        }
        // A write fails when the host is gone; the reading thread sees that too and ends the process.
        if !bytes.isEmpty { _ = socket.sendAll(bytes) }
    }
}
