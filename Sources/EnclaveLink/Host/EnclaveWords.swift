/// What an enclave writes to its standard error: events, one JSON object a line, and before its sandbox is closed a
/// message for the operator.
struct EnclaveWords {
    /// Bytes that are kept of a line, and of the messages.
    private static let limit = 4096

    private let hear: @Sendable (String) -> Void
    private var line: [UInt8] = []
    /// The last lines that were no events.
    private(set) var last = ""

    init(hear: @escaping @Sendable (String) -> Void) { self.hear = hear }

    /// Listens until the other end is closed.
    mutating func listen(to pipe: OwnedDescriptor) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.limit, alignment: 1)
        defer { buffer.deallocate() }
        while let bytes = pipe.receive(into: buffer) {
            for byte in bytes { take(byte) }
        }
        endLine()
    }

    private mutating func take(_ byte: UInt8) {
        if byte == UInt8(ascii: "\n") { return endLine() }
        if line.count < Self.limit { line.append(byte) }
    }

    private mutating func endLine() {
        guard !line.isEmpty else { return }
        let text = String(decoding: line, as: UTF8.self)
        line = []
        if text.hasPrefix(#"{"event":"#) { return hear(text) }
        let joined = last.isEmpty ? text : last + "\n" + text
        last = String(decoding: Array(joined.utf8.suffix(Self.limit)), as: UTF8.self)
    }
}
