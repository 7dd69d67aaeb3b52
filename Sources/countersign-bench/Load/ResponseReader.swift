/// Finds one response at a time in what a connection received: status, `Content-Length`, body.
///
/// Enough HTTP for servers that this program started itself; anything else is an error.
struct ResponseReader {
    struct Response {
        let status: Int
        let body: Range<Int>
    }

    private(set) var buffer: [UInt8] = []

    mutating func append(_ bytes: UnsafeRawBufferPointer) { buffer.append(contentsOf: bytes) }

    /// The response that the buffer holds, or nil while it is not complete.
    func response() throws(BenchmarkError) -> Response? {
        guard let headEnd = Self.endOfHead(buffer) else { return nil }
        guard let length = Self.contentLength(buffer, headEnd) else {
            throw BenchmarkError("an answer has no Content-Length")
        }
        let bodyEnd = headEnd + length
        guard buffer.count >= bodyEnd else { return nil }
        let status = buffer[9..<12].reduce(0) { $0 * 10 + Int($1) - 48 }
        return Response(status: status, body: headEnd..<bodyEnd)
    }

    /// Forgets the response that was read; one request is under way at a time, so nothing follows it.
    mutating func reset() { buffer.removeAll(keepingCapacity: true) }

    private static func endOfHead(_ buffer: [UInt8]) -> Int? {
        var from = 0
        while let line = buffer[from...].firstIndex(of: UInt8(ascii: "\n")) {
            if line >= 3 && buffer[line - 2] == UInt8(ascii: "\n") { return line + 1 }
            from = line + 1
        }
        return nil
    }

    private static func contentLength(_ buffer: [UInt8], _ end: Int) -> Int? {
        let name = Array("content-length:".utf8)
        var line = 0
        while line < end {
            let isLength = name.indices.allSatisfy { line + $0 < end && buffer[line + $0] | 0x20 == name[$0] | 0x20 }
            if isLength { return number(buffer[(line + name.count)..<end]) }
            guard let next = buffer[line..<end].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            line = next + 1
        }
        return nil
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Int {
        text.drop { $0 == UInt8(ascii: " ") }.prefix { 48...57 ~= $0 }.reduce(0) { $0 * 10 + Int($1) - 48 }
    }
}
