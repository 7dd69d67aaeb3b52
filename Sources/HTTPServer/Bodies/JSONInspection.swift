/// What can be said about JSON text by looking at its bytes, before a parser spends time and stack on it.
public enum JSONInspection {
    /// How deep arrays and objects may be nested: `{"a": [1]}` has a depth of 2.
    public static let maximumDepth = 16

    /// Refuses text that no parser should see.
    ///
    /// - Throws: `.empty`, `.notUTF8`, `.tooDeep`, or `.notJSON` for what the decoder lets pass although RFC 8259 does
    ///   not: a NUL (it would guess UTF-16), a comma before a closing bracket, a bare control character in a string.
    static func check(_ bytes: UnsafeRawBufferPointer) throws(RequestBodyError) {
        guard !bytes.isEmpty else { throw .empty }
        var scan = JSONScan()
        var allBits: UInt8 = 0
        for byte in bytes {
            allBits |= byte
            guard byte != 0, !scan.isFault(byte) else { throw .notJSON }
            scan.advance(byte)
            if scan.depth > maximumDepth { throw .tooDeep }
        }
        if allBits >= 0x80, String(validating: bytes, as: UTF8.self) == nil { throw .notUTF8 }
    }

    /// The names of the fields of the outermost object, in order and each as often as it occurs. Empty for a value
    /// that is no object; what is found in text that is no JSON has no meaning.
    static func topLevelFieldNames(_ bytes: UnsafeRawBufferPointer) -> [String] {
        var names: [String] = []
        var scan = JSONScan()
        var nameStart: Int?
        var expectsName = false
        for (index, byte) in bytes.enumerated() {
            let wasInString = scan.isInString
            scan.advance(byte)
            guard scan.depth == 1 else { continue }
            if !wasInString && scan.isInString && expectsName {
                nameStart = index + 1
            } else if wasInString && !scan.isInString, let start = nameStart {
                names.append(text(bytes[start..<index]))
                nameStart = nil
                expectsName = false
            } else if !wasInString && !scan.isInString {
                expectsName = expectsName || byte == UInt8(ascii: "{") || byte == UInt8(ascii: ",")
            }
        }
        return bytes.first { !isSpace($0) } == UInt8(ascii: "{") ? names : []
    }

    private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        let raw = String(decoding: bytes, as: UTF8.self)
        guard bytes.contains(UInt8(ascii: "\\")) else { return raw }
        return JSONCoding.string(quoted: "\"\(raw)\"") ?? raw
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}

/// Where a reader of JSON text is: how deep, and whether inside a string.
private struct JSONScan {
    private(set) var depth = 0
    private(set) var isInString = false
    private var isEscaped = false
    /// The last byte outside strings that is no space.
    private var last: UInt8 = 0

    /// True for a byte that must not come here.
    @inline(__always)
    func isFault(_ byte: UInt8) -> Bool {
        if isInString { return byte < 0x20 }
        return last == UInt8(ascii: ",") && (byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]"))
    }

    @inline(__always)
    mutating func advance(_ byte: UInt8) {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return
        }
        if byte > 0x20 { last = byte }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
    }
}
