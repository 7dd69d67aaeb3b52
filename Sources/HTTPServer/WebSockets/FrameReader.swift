import NIOCore
import NIOWebSocket

/// What a WebSocket's client sends.
enum IncomingFrame {
    /// The beginning of a message, whose content is not kept.
    case message
    /// More of a message.
    case continuation
    case ping(ByteBuffer)
    case pong
    case close(ByteBuffer)
}

/// Takes a client's bytes apart into frames (RFC 6455, section 5), however they arrive.
///
/// It keeps what a control frame holds, at most 125 bytes, and drops what a message holds as it comes. SwiftNIO's decoder
/// would keep whole frames, asks for no mask, and in version 2.65 a length of 2⁶³ ends the process.
struct FrameReader {
    let maximumMessageBytes: Int
    /// Beginnings of a header or of a control frame, or what was not asked for yet.
    private var bytes = ByteBuffer()
    private var control: FrameHeader?
    /// Bytes of a message's frame that are still to come.
    private var dropping = 0
    private var isInMessage = false
    private var messageBytes = 0

    init(maximumMessageBytes: Int) {
        self.maximumMessageBytes = maximumMessageBytes
    }

    /// Adds what has arrived.
    mutating func append(_ arrived: inout ByteBuffer) {
        if bytes.readableBytes == 0 {
            bytes = arrived
        } else {
            bytes.writeBuffer(&arrived)
        }
    }

    /// Lets go of the buffer that the bytes arrived in, which is far larger than what may be left of it.
    mutating func compact() {
        bytes = bytes.readableBytes == 0 ? ByteBuffer() : ByteBuffer(bytes: bytes.readableBytesView)
    }

    /// The next frame; `nil` until more arrives.
    mutating func next() throws(FrameFault) -> IncomingFrame? {
        if let control { return content(of: control) }
        let dropped = min(dropping, bytes.readableBytes)
        bytes.moveReaderIndex(forwardBy: dropped)
        dropping -= dropped
        guard dropping == 0 else { return nil }
        let room = maximumMessageBytes - messageBytes
        guard let header = try FrameHeader.read(&bytes, maximumLength: room) else { return nil }
        if header.opcode.isControlOpcode {
            control = header
            return content(of: header)
        }
        return try message(header)
    }

    private mutating func message(_ header: FrameHeader) throws(FrameFault) -> IncomingFrame {
        let isContinuation = header.opcode == .continuation
        guard isContinuation == isInMessage else { throw .protocolError }
        isInMessage = !header.isFinal
        messageBytes = header.isFinal ? 0 : messageBytes + header.length
        dropping = header.length
        return isContinuation ? .continuation : .message
    }

    private mutating func content(of header: FrameHeader) -> IncomingFrame? {
        guard var content = bytes.readSlice(length: header.length) else { return nil }
        control = nil
        content.webSocketUnmask(header.mask)
        switch header.opcode {
        case .connectionClose: return .close(content)
        case .ping: return .ping(content)
        default: return .pong
        }
    }
}
