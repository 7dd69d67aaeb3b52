import NIOCore
import NIOHTTP1

/// Writes the head of an answer, and a body that is there at once, into one buffer.
enum AnswerEncoder {
    /// How the end of the body is told to the client.
    enum Framing {
        case length(Int)
        case chunked
        case untilClose
        case bodiless
        /// No body follows, but frames (RFC 6455, section 4.2.2).
        case webSocket(accept: String)
    }

    /// Writes status line and header.
    static func write(
        head response: Response, framing: Framing, isKeptAlive: Bool, identifier: RequestIdentifier,
        date: [UInt8], isEncrypted: Bool, into buffer: inout ByteBuffer
    ) {
        buffer.writeBytes(StatusLines.line(response.status))
        buffer.writeBytes(date)
        buffer.writeBytes(SecurityFields.always)
        buffer.write(identifier)
        buffer.writeStaticString("\r\n")
        if isEncrypted { buffer.writeStaticString(SecurityFields.strictTransport) }
        write(response.headers, into: &buffer)
        switch framing {
        case .length(let length):
            buffer.writeStaticString("Content-Length: ")
            buffer.write(decimal: length)
            buffer.writeStaticString("\r\n")
        case .chunked: buffer.writeStaticString("Transfer-Encoding: chunked\r\n")
        case .untilClose, .bodiless: break
        case .webSocket(let accept): buffer.writeString("Sec-WebSocket-Accept: \(accept)\r\n")
        }
        buffer.writeStaticString(connection(framing, response.status, isKeptAlive: isKeptAlive))
    }

    /// The end of the header: what becomes of the connection.
    private static func connection(
        _ framing: Framing, _ status: HTTPResponseStatus, isKeptAlive: Bool
    ) -> StaticString {
        if case .webSocket = framing { return "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n" }
        if status == .upgradeRequired { return "Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n" }
        return isKeptAlive ? "\r\n" : "Connection: close\r\n\r\n"
    }

    private static func write(_ headers: HeaderFields, into buffer: inout ByteBuffer) {
        var defaults = SecurityFields.Replaceable.allCases
        for (name, value) in headers.wrapped {
            if ServerFields.isReserved(name) { continue }
            if let index = defaults.firstIndex(where: { name.equalsIgnoringCase($0.lowercaseName) }) {
                defaults.remove(at: index)
            }
            buffer.writeString(name)
            buffer.writeStaticString(": ")
            buffer.writeString(value)
            buffer.writeStaticString("\r\n")
        }
        for field in defaults { buffer.writeStaticString(field.line) }
    }
}

/// The fields against attacks on a browser that shows an answer.
enum SecurityFields {
    /// Ends with the name of the field whose value follows: the request's identifier.
    static let always = Array("X-Content-Type-Options: nosniff\r\nX-Request-Id: ".utf8)

    /// For two years a browser comes back by HTTPS alone (RFC 6797). Only sent by HTTPS: elsewhere it says nothing.
    static let strictTransport: StaticString =
        "Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n"

    /// Fields that a handler may replace, because a page needs other values than data does.
    enum Replaceable: CaseIterable {
        case cacheControl
        case contentSecurityPolicy
        case referrerPolicy

        var lowercaseName: StaticString {
            switch self {
            case .cacheControl: "cache-control"
            case .contentSecurityPolicy: "content-security-policy"
            case .referrerPolicy: "referrer-policy"
            }
        }

        var line: StaticString {
            switch self {
            case .cacheControl: "Cache-Control: no-store\r\n"
            case .contentSecurityPolicy:
                "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
            case .referrerPolicy: "Referrer-Policy: no-referrer\r\n"
            }
        }
    }
}

/// The fields that belong to the server: what a handler sets is not sent.
enum ServerFields {
    static func isReserved(_ name: String) -> Bool {
        switch name.utf8.count {
        case 4: name.equalsIgnoringCase("date")
        case 6: name.equalsIgnoringCase("server")
        case 7: name.equalsIgnoringCase("upgrade") || name.equalsIgnoringCase("trailer")
        case 10: name.equalsIgnoringCase("connection") || name.equalsIgnoringCase("keep-alive")
        case 12: name.equalsIgnoringCase("x-request-id")
        case 14: name.equalsIgnoringCase("content-length")
        case 17: name.equalsIgnoringCase("transfer-encoding")
        case 22: name.equalsIgnoringCase("x-content-type-options")
        case 25: name.equalsIgnoringCase("strict-transport-security")
        default: false
        }
    }
}

/// Status lines, encoded once.
private enum StatusLines {
    private static let lines: [[UInt8]] = (0..<600).map { code in
        encode(HTTPResponseStatus(statusCode: code))
    }

    static func line(_ status: HTTPResponseStatus) -> [UInt8] {
        if case .custom = status { return encode(status) }
        let code = Int(status.code)
        return lines.indices.contains(code) ? lines[code] : encode(status)
    }

    private static func encode(_ status: HTTPResponseStatus) -> [UInt8] {
        Array("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n".utf8)
    }
}

extension ByteBuffer {
    fileprivate mutating func write(decimal number: Int) {
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { text in
            var start = text.count
            var rest = number
            repeat {
                start -= 1
                text[start] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            writeBytes(UnsafeRawBufferPointer(rebasing: text[start...]))
        }
    }

    fileprivate mutating func write(_ identifier: RequestIdentifier) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: RequestIdentifier.textLength) { space in
            var index = 0
            identifier.forEachDigit { digit in
                space[index] = digit
                index += 1
            }
            return index
        }
    }
}
