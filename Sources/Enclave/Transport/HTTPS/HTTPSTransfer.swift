/// Gathers the answer of one transfer, up to a limit: the target of libcurl's callbacks.
final class HTTPSTransfer {
    private let limit: Int
    private(set) var body: [UInt8] = []
    private(set) var isTooLong = false
    private var received = 0

    /// - Parameter limit: bytes of headers and body together.
    init(limit: Int) { self.limit = limit }

    /// Forgets the last answer.
    func begin() {
        body = []
        isTooLong = false
        received = 0
    }

    /// - Returns: false beyond the limit, where libcurl gives up.
    func takeHeader(_ count: Int) -> Bool {
        received += count
        if received > limit { isTooLong = true }
        return !isTooLong
    }

    /// - Returns: false beyond the limit, where libcurl gives up.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard takeHeader(bytes.count) else { return false }
        body.append(contentsOf: bytes)
        return true
    }
}
