import NIOCore

/// HTTP without TLS on a port that speaks TLS.
enum PlainHTTP {
    /// Whether these first bytes of a connection begin a request line; a record of TLS begins with a number below 32.
    static func begins(_ bytes: ByteBuffer) -> Bool {
        guard let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) else { return false }
        return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first)
    }

    private static let words = "This port speaks HTTPS. Write https:// instead of http://\n"

    /// What such a client is told.
    static let answer = ByteBuffer(
        string: """
            HTTP/1.1 400 Bad Request\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: \(words.utf8.count)\r
            Connection: close\r
            \r
            \(words)
            """)
}
