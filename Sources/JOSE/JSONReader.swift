/// Reads one JSON text strictly: RFC 8259 grammar, valid UTF-8, no member name twice, bounded size and depth.
///
/// Foundation's readers keep one of two equal names and do not say which; a signed text must not depend on that.
struct JSONReader {
    let bytes: [UInt8]
    var position = 0
    /// Whether a number that would be rounded is refused.
    let isExact: Bool
    private let maximumDepth: Int
    private var depth = 0

    init(_ bytes: [UInt8], _ limits: JSONValue.Limits, isExact: Bool) throws(JOSEError) {
        guard bytes.count <= limits.length else { throw JOSEError(.tooLarge) }
        self.bytes = bytes
        self.isExact = isExact
        maximumDepth = limits.depth
    }

    /// The value of the whole text; anything after it is refused.
    mutating func readText() throws(JOSEError) -> JSONValue {
        let value = try readValue()
        skipWhitespace()
        guard position == bytes.count else { throw JOSEError(.notJSON) }
        return value
    }

    private mutating func readValue() throws(JOSEError) -> JSONValue {
        skipWhitespace()
        guard let byte = peek() else { throw JOSEError(.notJSON) }
        switch byte {
        case UInt8(ascii: "{"): return try nested { reader throws(JOSEError) in try reader.readObject() }
        case UInt8(ascii: "["): return try nested { reader throws(JOSEError) in try reader.readArray() }
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", as: .boolean(true))
        case UInt8(ascii: "f"): return try readWord("false", as: .boolean(false))
        case UInt8(ascii: "n"): return try readWord("null", as: .null)
        default: return try readNumber()
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(JOSEError) -> JSONValue
    ) throws(JOSEError) -> JSONValue {
        guard depth < maximumDepth else { throw JOSEError(.tooLarge) }
        depth += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func readObject() throws(JOSEError) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        if takesAfterWhitespace("}") { return .object(members) }
        repeat {
            skipWhitespace()
            let name = try readString()
            // Strings compare by canonical equivalence, which refuses even look-alike names.
            guard names.insert(name).inserted else { throw JOSEError(.duplicateMember) }
            guard takesAfterWhitespace(":") else { throw JOSEError(.notJSON) }
            members.append(.init(name: name, value: try readValue()))
        } while takesAfterWhitespace(",")
        guard takesAfterWhitespace("}") else { throw JOSEError(.notJSON) }
        return .object(members)
    }

    private mutating func readArray() throws(JOSEError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        if takesAfterWhitespace("]") { return .array(elements) }
        repeat { elements.append(try readValue()) } while takesAfterWhitespace(",")
        guard takesAfterWhitespace("]") else { throw JOSEError(.notJSON) }
        return .array(elements)
    }

    private mutating func readWord(_ word: StaticString, as value: JSONValue) throws(JOSEError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard end <= bytes.count, bytes[position..<end].elementsEqual(expected) else { throw JOSEError(.notJSON) }
        position = end
        return value
    }

    func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func takes(_ character: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func takesAfterWhitespace(_ character: Unicode.Scalar) -> Bool {
        skipWhitespace()
        return takes(character)
    }

    private mutating func skipWhitespace() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { position += 1 }
    }
}

extension JSONValue {
    /// How large a text may be.
    public struct Limits: Sendable {
        /// In bytes.
        public let length: Int
        /// Arrays and objects inside each other: `{"a": [1]}` has a depth of 2.
        public let depth: Int

        /// For what a stranger sends: 64 KiB and 16 levels.
        public static let usual = Limits(length: 64 * 1024, depth: 16)

        /// Other limits, for texts from those who may write more.
        public init(length: Int, depth: Int = usual.depth) {
            self.length = length
            self.depth = depth
        }
    }

    /// Reads `bytes` as one JSON text.
    ///
    /// - Parameter isExact: Whether a number whose digits a double does not keep (`100.00000000000000001`) is refused. Else
    ///   it is rounded, as by every reader of JSON that knows doubles only.
    /// - Throws: ``JOSEError`` with `notJSON`, `duplicateMember`, `tooLarge` or `inexactNumber`.
    public init(
        parsing bytes: [UInt8], within limits: Limits = .usual, isExact: Bool = false
    ) throws(JOSEError) {
        var reader = try JSONReader(bytes, limits, isExact: isExact)
        self = try reader.readText()
    }
}
