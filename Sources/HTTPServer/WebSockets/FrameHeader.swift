import NIOCore
import NIOWebSocket

/// Why a WebSocket is closed that its client uses wrongly.
enum FrameFault: Error {
    case protocolError
    case notUTF8
    case messageTooLong
    case tooManyFrames
    case unwantedMessage

    var code: WebSocketErrorCode {
        switch self {
        case .protocolError: .protocolError
        case .notUTF8: .dataInconsistentWithMessage
        case .messageTooLong: .messageTooLarge
        case .tooManyFrames: .policyViolation
        case .unwantedMessage: .unacceptableData
        }
    }
}

/// The header of a client's frame (RFC 6455, section 5.2).
struct FrameHeader {
    let isFinal: Bool
    let opcode: WebSocketOpcode
    /// Bytes of the content.
    let length: Int
    let mask: WebSocketMaskingKey

    /// Takes a header from the front of what has arrived, and leaves one that is not whole; each byte is judged as soon
    /// as it is there.
    static func read(_ bytes: inout ByteBuffer, maximumLength: Int) throws(FrameFault) -> FrameHeader? {
        var rest = bytes
        guard let first = rest.readInteger(as: UInt8.self) else { return nil }
        let isFinal = first & 0x80 != 0
        // The three bits between belong to extensions, and none was agreed on.
        guard first & 0x70 == 0, let opcode = WebSocketOpcode(encodedWebSocketOpcode: first & 0x0F), opcode.isKnown,
            isFinal || !opcode.isControlOpcode
        else { throw .protocolError }
        guard let second = rest.readInteger(as: UInt8.self) else { return nil }
        guard second & 0x80 != 0 else { throw .protocolError }
        guard let length = try readLength(second & 0x7F, opcode, &rest, maximumLength) else { return nil }
        guard let mask = rest.readBytes(length: 4).flatMap({ WebSocketMaskingKey($0) }) else { return nil }
        bytes = rest
        return FrameHeader(isFinal: isFinal, opcode: opcode, length: length, mask: mask)
    }

    private static func readLength(
        _ short: UInt8, _ opcode: WebSocketOpcode, _ rest: inout ByteBuffer, _ maximum: Int
    ) throws(FrameFault) -> Int? {
        // A control frame has at most 125 bytes, and a length is written in the fewest bytes that hold it.
        guard short <= 125 || !opcode.isControlOpcode else { throw .protocolError }
        var length = UInt64(short)
        if short == 126 {
            guard let long = rest.readInteger(as: UInt16.self) else { return nil }
            guard long > 125 else { throw .protocolError }
            length = UInt64(long)
        } else if short == 127 {
            guard let long = rest.readInteger(as: UInt64.self) else { return nil }
            guard long > UInt64(UInt16.max), long <= UInt64(Int64.max) else { throw .protocolError }
            length = long
        }
        guard opcode.isControlOpcode || length <= UInt64(maximum) else { throw .messageTooLong }
        return Int(length)
    }
}

extension WebSocketOpcode {
    fileprivate var isKnown: Bool {
        switch self {
        case .continuation, .text, .binary, .connectionClose, .ping, .pong: true
        default: false
        }
    }
}
