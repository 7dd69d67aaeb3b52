/// Reads the fields of one frame's body. Every read checks its bounds, so that no input can trap.
public struct FrameReader: Sendable {
    @usableFromInline let bytes: ArraySlice<UInt8>
    @usableFromInline var position: Int

    public init(_ body: ArraySlice<UInt8>) {
        bytes = body
        position = body.startIndex
    }

    public init(_ body: [UInt8]) { self.init(body[...]) }

    @inlinable
    public mutating func read<Number: FixedWidthInteger>(
        _ type: Number.Type = Number.self
    ) throws(FrameError) -> Number {
        let length = Number.bitWidth / 8
        guard length <= bytes.endIndex - position else { throw .truncated }
        var value: UInt64 = 0
        for offset in 0..<length { value = value << 8 | UInt64(bytes[position + offset]) }
        position += length
        return Number(truncatingIfNeeded: value)
    }

    public mutating func readFlag() throws(FrameError) -> Bool {
        switch try read(UInt8.self) {
        case 0: false
        case 1: true
        default: throw .invalidValue
        }
    }

    public mutating func readText() throws(FrameError) -> String {
        guard let text = String(validating: try takeCounted(), as: UTF8.self) else { throw .invalidValue }
        return text
    }

    public mutating func readOptionalText() throws(FrameError) -> String? { try readFlag() ? try readText() : nil }

    public mutating func readBytes() throws(FrameError) -> [UInt8] { Array(try takeCounted()) }

    @inlinable
    public mutating func read<Value: FrameCodable>(_ type: Value.Type = Value.self) throws(FrameError) -> Value {
        try Value(from: &self)
    }

    @inlinable
    public mutating func readOptional<Value: FrameCodable>(
        _ type: Value.Type = Value.self
    ) throws(FrameError) -> Value? {
        guard try readFlag() else { return nil }
        return try Value(from: &self)
    }

    /// - Parameter limit: more elements than this are refused before the first one is read.
    @inlinable
    public mutating func readList<Value: FrameCodable>(
        of type: Value.Type = Value.self, limit: Int
    ) throws(FrameError) -> [Value] {
        let count = Int(try read(UInt16.self))
        guard count <= limit else { throw .tooLong }
        var values: [Value] = []
        for _ in 0..<count { values.append(try Value(from: &self)) }
        return values
    }

    /// - Throws: `trailingBytes` unless everything was read.
    public func finish() throws(FrameError) {
        guard position == bytes.endIndex else { throw .trailingBytes }
    }

    private mutating func takeCounted() throws(FrameError) -> ArraySlice<UInt8> {
        try take(Int(try read(UInt32.self)))
    }

    private mutating func take(_ count: Int) throws(FrameError) -> ArraySlice<UInt8> {
        guard count <= bytes.endIndex - position else { throw .truncated }
        defer { position += count }
        return bytes[position..<(position + count)]
    }
}
