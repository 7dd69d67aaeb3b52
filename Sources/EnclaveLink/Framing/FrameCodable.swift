/// A value that travels in a frame.
public protocol FrameCodable {
    func encode(into frame: inout FrameWriter)
    init(from frame: inout FrameReader) throws(FrameError)
}

/// An enumeration that travels as one byte: its position among `allCases`. Both processes are built together and
/// `Greet` carries the protocol's version, so the order of the cases is the wire format; a new case goes to the end.
public protocol FrameEnumeration: FrameCodable, CaseIterable, Equatable {}

extension FrameEnumeration {
    @inlinable
    public func encode(into frame: inout FrameWriter) {
        var code: UInt8 = 0
        for candidate in Self.allCases {
            if candidate == self { break }
            code += 1
        }
        frame.write(code)
    }

    @inlinable
    public init(from frame: inout FrameReader) throws(FrameError) {
        let cases = Self.allCases
        let code = Int(try frame.read(UInt8.self))
        guard
            let index = cases.index(cases.startIndex, offsetBy: code, limitedBy: cases.endIndex),
            index != cases.endIndex
        else { throw .invalidValue }
        self = cases[index]
    }
}

extension FrameReader {
    /// Decodes a body that holds one value and nothing after it.
    @inlinable
    public static func decode<Value: FrameCodable>(
        _ type: Value.Type, from body: ArraySlice<UInt8>
    ) throws(FrameError) -> Value {
        var reader = FrameReader(body)
        let value = try Value(from: &reader)
        try reader.finish()
        return value
    }
}
