/// Gathers the answer of one transfer, up to a limit: the target of libcurl's callbacks.
final class HTTPSTransfer {
    private let limit: Int
    private(set) var body: [UInt8] = []
    private(set) var isTooLong = false
    /// True once the answer's head is whole; what follows is its body.
    private(set) var hasHead = false
    private var received = 0

    /// - Parameter limit: bytes of headers and body together.
    init(limit: Int) { self.limit = limit }

    /// Forgets the last answer.
    func begin() {
        body = []
        isTooLong = false
        hasHead = false
        received = 0
    }

    /// Takes a line of the head, with its end.
    ///
    /// - Returns: false beyond the limit, where libcurl gives up.
    func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        guard take(line.count) else { return false }
        // After an interim answer (RFC 9110 §15.2) a second head follows.
        hasHead = line.elementsEqual("\r\n".utf8) || (hasHead && !line.starts(with: "HTTP/".utf8))
        return true
    }

    /// - Returns: false beyond the limit, where libcurl gives up.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard take(bytes.count) else { return false }
        body.append(contentsOf: bytes)
        return true
    }

    private func take(_ count: Int) -> Bool {
        received += count
        if received > limit { isTooLong = true }
        return !isTooLong
    }
}
