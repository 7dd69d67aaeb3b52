import EnclaveLink
import Synchronization

/// Takes the one answer of one call.
final class AnswerSlot: AnswerSink {
    private let waiting: Mutex<CheckedContinuation<[UInt8], Never>?>

    init(_ continuation: CheckedContinuation<[UInt8], Never>) { waiting = Mutex(continuation) }

    func add(_ frame: [UInt8]) {
        let continuation = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        continuation?.resume(returning: frame)
    }

    func flush() {}

    static func decode<Reply: FrameCodable>(_ type: Reply.Type, from frame: [UInt8]) throws(EnclaveError) -> Reply {
        var fields = FrameReader(frame.dropFirst(4))
        let envelope: Envelope<EnclaveFrameKind>
        do { envelope = try Envelope(from: &fields) } catch { throw EnclaveError(.unavailable) }
        return try EnclaveAnswer.decode(Reply.self, kind: envelope.kind, fields: fields)
    }
}
