import NIOCore
import NIOWebSocket

/// What a close frame holds (RFC 6455, sections 5.5.1 and 7.4).
enum CloseContent {
    /// The content of a server's frame.
    static func make(_ code: WebSocketErrorCode?) -> ByteBuffer {
        var content = ByteBuffer()
        if let code { content.write(webSocketErrorCode: code) }
        return content
    }

    /// The code of a client's frame; `nil` for one that gives none.
    static func code(_ content: ByteBuffer) throws(FrameFault) -> WebSocketErrorCode? {
        var rest = content
        guard rest.readableBytes > 0 else { return nil }
        guard let code = rest.readInteger(as: UInt16.self), mayBeSent(code) else { throw .protocolError }
        guard String(validating: rest.readableBytesView, as: UTF8.self) != nil else { throw .notUTF8 }
        return WebSocketErrorCode(codeNumber: Int(code))
    }

    /// Codes of the protocol and its registry, of libraries, and of applications; the others stand for what is never
    /// sent.
    private static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
