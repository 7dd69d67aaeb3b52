import NIOCore

@testable import HTTPServer

/// What a WebSocket's client sends. Promise: however the bytes are cut, the same frames and the same fault are read.
enum WebSocketEntry {
    static func run(_ bytes: [UInt8]) throws {
        let whole = frames(bytes, step: max(bytes.count, 1))
        let cut = frames(bytes, step: 1)
        try promise(whole == cut, "\(whole) whole, \(cut) byte by byte")
    }

    private static func frames(_ bytes: [UInt8], step: Int) -> [String] {
        var reader = FrameReader(maximumMessageBytes: 4096)
        var read: [String] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            var piece = ByteBuffer(bytes: bytes[start..<min(start + step, bytes.count)])
            reader.append(&piece)
            do throws(FrameFault) {
                while let frame = try reader.next() { read.append(text(frame)) }
            } catch {
                return read + ["\(error)"]
            }
            reader.compact()
        }
        return read
    }

    private static func text(_ frame: IncomingFrame) -> String {
        switch frame {
        case .ping(let content): return "ping \(Array(content.readableBytesView))"
        case .close(let content): return "close \(Array(content.readableBytesView))"
        case .message, .continuation, .pong: return "\(frame)"
        }
    }
}
