import Encodings

/// Gathers the answer of one transfer, up to a limit: the target of libcurl's callbacks.
final class HTTPSTransfer {
    private let limit: Int
    private(set) var body: [UInt8] = []
    private(set) var isTooLong = false
    /// True once the answer's head is whole; what follows is its body.
    private(set) var hasHead = false
    private(set) var contentType: String?
    private var received = 0
    private var length: String?

    /// - Parameter limit: bytes of headers and body together.
    init(limit: Int) { self.limit = limit }

    /// Forgets the last answer.
    func begin() {
        body = []
        isTooLong = false
        hasHead = false
        contentType = nil
        length = nil
        received = 0
    }

    /// Takes a line of the head, with its end.
    ///
    /// - Returns: false beyond the limit, and where the head gives the body two lengths: libcurl then gives up.
    func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        guard take(line.count) else { return false }
        // After an interim answer (RFC 9110 §15.2) a second head follows.
        let isFirst = line.starts(with: "HTTP/".utf8)
        hasHead = line.elementsEqual("\r\n".utf8) || (hasHead && !isFirst)
        if isFirst { (contentType, length) = (nil, nil) }
        if let value = Self.value(of: "content-length:", in: line) {
            // libcurl takes the last one, a relay perhaps the first (RFC 9112 §6.3).
            guard length == nil || length == value, value.utf8.allSatisfy(\.isDigit) else { return false }
            length = value
        }
        if let value = Self.value(of: "content-type:", in: line) { contentType = value }
        return true
    }

    /// - Parameter name: in lower case, with its colon.
    private static func value(of name: String, in line: UnsafeRawBufferPointer) -> String? {
        let start = String(decoding: line.prefix(name.utf8.count), as: UTF8.self)
        guard start.lowercased() == name else { return nil }
        let value = line.dropFirst(name.utf8.count).drop { $0 == 0x20 || $0 == 0x09 }
        return String(decoding: value.prefix { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
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
