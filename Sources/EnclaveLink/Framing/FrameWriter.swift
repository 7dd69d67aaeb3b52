/// Writes one frame: a 4-byte big-endian length, then the body. Integers are big-endian, text and bytes carry their
/// length before them.
public struct FrameWriter: Sendable {
    /// The longest body, in bytes. A longer one is refused by both sides.
    public static let bodyLimit = 256 * 1024
    static let headerLength = 4

    @usableFromInline var bytes: [UInt8]
    @usableFromInline var overflowed = false

    /// - Parameter capacity: the expected length of the body in bytes; only a hint.
    public init(capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(Self.headerLength + capacity)
        for _ in 0..<Self.headerLength { bytes.append(0) }
    }

    @inlinable
    public mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        var shift = Number.bitWidth
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    public mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    public mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { writeCounted(UnsafeRawBufferPointer($0)) }
    }

    public mutating func write(optional text: String?) {
        write(text != nil)
        if let text { write(text) }
    }

    public mutating func write(_ blob: [UInt8]) {
        blob.withUnsafeBytes { writeCounted($0) }
    }

    /// Writes bytes that no array shall hold meanwhile.
    public mutating func write(secret bytes: UnsafeRawBufferPointer) { writeCounted(bytes) }

    @inlinable
    public mutating func write<Value: FrameCodable>(_ value: Value) { value.encode(into: &self) }

    @inlinable
    public mutating func write<Value: FrameCodable>(_ value: Value?) {
        write(value != nil)
        if let value { write(value) }
    }

    @inlinable
    public mutating func write<Value: FrameCodable>(list values: [Value]) {
        guard let count = UInt16(exactly: values.count) else { return overflowed = true }
        write(count)
        for value in values { write(value) }
    }

    /// The whole frame, length included.
    /// - Throws: `tooLong` if the body exceeds `bodyLimit` or a list its count.
    public consuming func finish() throws(FrameError) -> [UInt8] {
        let length = bytes.count - Self.headerLength
        guard !overflowed, length <= Self.bodyLimit else { throw .tooLong }
        for position in 0..<Self.headerLength {
            bytes[position] = UInt8(truncatingIfNeeded: length >> (8 * (Self.headerLength - 1 - position)))
        }
        return bytes
    }

    /// The body alone, for content that is sealed instead of sent. It stays in the memory that it was written to, so
    /// that wiping it leaves no copy.
    /// - Throws: what `finish()` throws.
    public consuming func finishBody() throws(FrameError) -> [UInt8] {
        var body = try finish()
        body.removeFirst(Self.headerLength)
        return body
    }

    private mutating func writeCounted(_ buffer: UnsafeRawBufferPointer) {
        guard buffer.count <= Self.bodyLimit else { return overflowed = true }
        write(UInt32(buffer.count))
        bytes.append(contentsOf: buffer)
    }
}
