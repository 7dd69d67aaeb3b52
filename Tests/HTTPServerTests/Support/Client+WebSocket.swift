import HTTPServer

/// A frame as it is sent (RFC 6455, section 5.2), with every bit to choose, so that it may also be wrong.
struct Frame: Sendable {
    var first: UInt8
    var isMasked = true
    var content: [UInt8] = []
    /// What stands for the length in place of what is right.
    var lengthBytes: [UInt8]?

    static func text(_ text: String) -> Frame { Frame(first: 0x81, content: Array(text.utf8)) }
    static func ping(_ text: String = "") -> Frame { Frame(first: 0x89, content: Array(text.utf8)) }
    static let pong = Frame(first: 0x8A)

    static func close(_ code: UInt16?, _ reason: String = "") -> Frame {
        let bytes = code.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } ?? []
        return Frame(first: 0x88, content: bytes + reason.utf8)
    }

    var bytes: [UInt8] {
        let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        var length = lengthBytes ?? Self.length(content.count)
        length[0] |= isMasked ? 0x80 : 0
        let masked = content.enumerated().map { $1 ^ (isMasked ? mask[$0 % 4] : 0) }
        return [first] + length + (isMasked ? mask : []) + masked
    }

    private static func length(_ count: Int) -> [UInt8] {
        if count <= 125 { return [UInt8(count)] }
        if count <= 0xFFFF { return [126, UInt8(count >> 8), UInt8(count & 0xFF)] }
        return [127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
    }
}

extension Client {
    /// The key of RFC 6455, section 1.3, and what a server makes of it.
    static let webSocketKey = "dGhlIHNhbXBsZSBub25jZQ=="
    static let webSocketAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    /// The request that opens a WebSocket.
    static func webSocketRequest(_ path: String = "/socket") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: \(webSocketKey)\r\nSec-WebSocket-Version: 13\r\n\r\n"
    }

    /// Opens a WebSocket.
    func openWebSocket(_ path: String = "/socket") throws {
        try send(Self.webSocketRequest(path))
        let answer = try readAnswer()
        guard answer.status == 101 else { throw Failure(description: "no WebSocket: \(answer.statusLine)") }
    }

    func send(_ frame: Frame) throws { try send(frame.bytes) }

    /// One whole frame from the server.
    func readFrame() throws -> ServerFrame {
        let head = try bytes(2)
        guard head[1] & 0x80 == 0 else { throw Failure(description: "a server masks nothing") }
        var length = Int(head[1])
        if length >= 126 { length = try bytes(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) } }
        return ServerFrame(first: head[0], content: length > 0 ? try bytes(length) : [])
    }

    /// The code of the close frame that comes next but for pings and texts; `nil` where the frame gives none.
    func readCloseCode() throws -> UInt16? {
        while true {
            let frame = try readFrame()
            if frame.first == 0x88 { return frame.closeCode }
        }
    }
}

/// A frame as it was received.
struct ServerFrame: Sendable, Equatable {
    let first: UInt8
    let content: [UInt8]

    var text: String? { first == 0x81 ? String(decoding: content, as: UTF8.self) : nil }

    var closeCode: UInt16? {
        first == 0x88 && content.count >= 2 ? UInt16(content[0]) << 8 | UInt16(content[1]) : nil
    }
}
