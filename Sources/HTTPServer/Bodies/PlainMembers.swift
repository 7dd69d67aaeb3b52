/// Reads the commonest body in one pass: an object whose members are plain text.
///
/// It only ever says what the decoder would say as well. Whatever is not plain (an escape, a byte outside printable
/// ASCII, a value that is no string, a name that is unknown or comes twice, a fault) it leaves to the decoder.
struct PlainMembers {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// The members' values, in the order of `names`; `nil` for text that is not plain.
    static func read(_ bytes: UnsafeRawBufferPointer, named names: [String]) -> [String?]? {
        var reader = PlainMembers(bytes: bytes)
        return reader.object(names)
    }

    private init(bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    private mutating func object(_ names: [String]) -> [String?]? {
        var values = [String?](repeating: nil, count: names.count)
        guard take(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard let name = text(), let index = names.firstIndex(of: name), values[index] == nil,
                take(UInt8(ascii: ":")), let value = text()
            else { return nil }
            values[index] = value
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { return nil }
        skipSpace()
        return position == bytes.count ? values : nil
    }

    private mutating func text() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
            }
            guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return nil }
        }
        return nil
    }

    /// Whether the next byte that is no space is this one, which is then read.
    private mutating func take(_ wanted: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == wanted else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count, JSONInspection.isSpace(bytes[position]) { position += 1 }
    }
}
