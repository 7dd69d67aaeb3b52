import NIOCore
import NIOHTTP1

/// Holds the bytes that arrived and gives them to SwiftNIO's parser in small slices, only when the connection asks.
///
/// That bounds what a client gains by pipelining: at most one slice of parsed requests and `maximumWithheld` bytes
/// wait, and then nothing more is read from the socket.
final class RequestIntake: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bytes for the parser at a time.
    static let sliceLength = 4 * 1024
    /// Bytes that wait for the connection before reading stops.
    static let maximumWithheld = 16 * 1024

    private let decoder = HTTPRequestDecoder()
    private var context: ChannelHandlerContext?
    private var withheld = ByteBuffer()
    // The start of a token that the parser wants to see again with its end.
    private var unparsed = ByteBuffer()
    private var isReadHeld = false
    private var isDiscarding = false

    /// Whether anything came after what was parsed last.
    var hasMore: Bool { hasBytes || keptLength > 0 }

    /// Whether bytes wait to be parsed.
    var hasBytes: Bool { withheld.readableBytes > 0 }

    /// The length of what the parser has begun to read and wants to see again.
    var keptLength: Int { unparsed.readableBytes }

    /// Parses the next slice, whose parts then reach the connection, and tells its length.
    func feed() throws(RefusalReason) -> Int {
        let length = min(withheld.readableBytes, Self.sliceLength)
        guard let context, var slice = withheld.readSlice(length: length), length > 0 else { return 0 }
        // Letting go of the empty buffer lets SwiftNIO read into the same memory again.
        if withheld.readableBytes == 0 { withheld = ByteBuffer() }
        if unparsed.readableBytes > 0 {
            unparsed.writeBuffer(&slice)
            slice = unparsed
        }
        unparsed = ByteBuffer()
        do {
            _ = try decoder.decode(context: context, buffer: &slice)
        } catch {
            discard()
            throw Self.reason(error)
        }
        if slice.readableBytes > 0 { unparsed = slice }
        if isReadHeld && withheld.readableBytes < Self.maximumWithheld {
            isReadHeld = false
            context.read()
        }
        return length
    }

    /// Drops what waits and what is still to come.
    func discard() {
        isDiscarding = true
        withheld = ByteBuffer()
        unparsed = ByteBuffer()
        guard isReadHeld else { return }
        isReadHeld = false
        context?.read()
    }

    private static func reason(_ error: any Error) -> RefusalReason {
        switch error as? HTTPParserError {
        case .invalidVersion: .unsupportedVersion
        case .invalidContentLength, .unexpectedContentLength, .invalidChunkSize: .malformedMessage(.framing)
        case .invalidURL, .invalidHost, .invalidPath: .malformedMessage(.target)
        default: .malformedMessage(.syntax)
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        decoder.decoderAdded(context: context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        decoder.decoderRemoved(context: context)
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDiscarding else { return }
        var bytes = unwrapInboundIn(data)
        if withheld.readableBytes == 0 {
            withheld = bytes
        } else {
            withheld.writeBuffer(&bytes)
        }
    }

    func read(context: ChannelHandlerContext) {
        if withheld.readableBytes < Self.maximumWithheld {
            context.read()
        } else {
            isReadHeld = true
        }
    }
}
