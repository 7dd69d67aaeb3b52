extension JSONReader {
    /// A number as RFC 8259 §6 writes it; an integer of 64 bits keeps its exact value.
    mutating func readNumber() throws(JOSEError) -> JSONValue {
        let start = position
        _ = takes("-")
        let isZero = takes("0")
        if !isZero { try readDigits() }
        let integerEnd = position
        if takes(".") { try readDigits() }
        if takes("e") || takes("E") {
            if !takes("+") { _ = takes("-") }
            try readDigits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if position == integerEnd, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw JOSEError(.notJSON) }
        if isExact, DecimalDigits(text) != DecimalDigits(NumberText(value).text) { throw JOSEError(.inexactNumber) }
        return .number(value)
    }

    private mutating func readDigits() throws(JOSEError) {
        let start = position
        while let byte = peek(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
        guard position > start else { throw JOSEError(.notJSON) }
    }

    /// A string as RFC 8259 §7 writes it, with escapes resolved; lone surrogates and invalid UTF-8 are refused.
    mutating func readString() throws(JOSEError) -> String {
        guard takes("\"") else { throw JOSEError(.notJSON) }
        var content: [UInt8] = []
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else { throw JOSEError(.notJSON) }
                return text
            case UInt8(ascii: "\\"): content.append(contentsOf: try readEscape())
            case 0..<0x20: throw JOSEError(.notJSON)
            default: content.append(byte)
            }
        }
        throw JOSEError(.notJSON)
    }

    private mutating func readEscape() throws(JOSEError) -> [UInt8] {
        guard let byte = peek() else { throw JOSEError(.notJSON) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "u"): return Array(String(Character(try readEscapedScalar())).utf8)
        default: throw JOSEError(.notJSON)
        }
    }

    private mutating func readEscapedScalar() throws(JOSEError) -> Unicode.Scalar {
        let first = try readCodeUnit()
        var value = UInt32(first)
        if UTF16.isLeadSurrogate(first) {
            guard takes("\\"), takes("u") else { throw JOSEError(.notJSON) }
            let second = try readCodeUnit()
            guard UTF16.isTrailSurrogate(second) else { throw JOSEError(.notJSON) }
            value = 0x10000 + (UInt32(first) - 0xd800) << 10 + (UInt32(second) - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw JOSEError(.notJSON) }
        return scalar
    }

    private mutating func readCodeUnit() throws(JOSEError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw JOSEError(.notJSON)
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
