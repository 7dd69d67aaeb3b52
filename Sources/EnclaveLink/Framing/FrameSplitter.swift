/// Cuts a byte stream into frame bodies.
public struct FrameSplitter: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0

    public init() {}

    /// Bytes that wait for the rest of their frame.
    public var pending: Int { bytes.count - start }

    public mutating func append(_ buffer: UnsafeRawBufferPointer) {
        // Whole frames were handed out already, so what moves here is less than one frame.
        if start > 0 {
            bytes.removeSubrange(..<start)
            start = 0
        }
        bytes.append(contentsOf: buffer)
    }

    /// The next complete body, or nil if more bytes are needed.
    /// - Throws: `tooLong` as soon as the length is known, before the body is waited for.
    public mutating func next() throws(FrameError) -> ArraySlice<UInt8>? {
        guard pending >= FrameWriter.headerLength else { return nil }
        var length = 0
        for byte in bytes[start..<(start + FrameWriter.headerLength)] { length = length << 8 | Int(byte) }
        guard length <= FrameWriter.bodyLimit else { throw .tooLong }
        let body = start + FrameWriter.headerLength
        guard bytes.count - body >= length else { return nil }
        start = body + length
        return bytes[body..<start]
    }
}
