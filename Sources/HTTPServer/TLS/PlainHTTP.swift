import NIOCore

/// HTTP without TLS on a port that speaks TLS.
enum PlainHTTP {
    /// Whether these first bytes of a connection begin a request line; a record of TLS begins with a number below 32.
    static func begins(_ bytes: ByteBuffer) -> Bool {
        guard let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) else { return false }
        return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first)
    }

    private static let words = "This port speaks HTTPS. Write https:// instead of http://\n"

    /// What such a client is told. Text: many who see it are people.
    static func answer(_ identifier: RequestIdentifier, date: [UInt8]) -> ByteBuffer {
        let head = Response(status: .badRequest, headers: ["Content-Type": "text/plain; charset=utf-8"])
        var buffer = ByteBuffer()
        AnswerEncoder.write(
            head: head, framing: .length(words.utf8.count), isKeptAlive: false, identifier: identifier, date: date,
            isEncrypted: false, into: &buffer)
        buffer.writeString(words)
        return buffer
    }
}
