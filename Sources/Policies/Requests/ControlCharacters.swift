extension Sequence<UInt8> {
    /// Whether these bytes of UTF-8 have a control character (U+0000 to U+001F, U+007F to U+009F) or a separator of lines
    /// or paragraphs (U+2028, U+2029): what one program reads on behind, and another stops at.
    var haveControlCharacters: Bool {
        var before: (UInt8, UInt8) = (0, 0)
        for byte in self {
            switch byte {
            case 0..<0x20, 0x7f: return true
            case 0x80...0x9f where before.1 == 0xc2: return true
            case 0xa8...0xa9 where before == (0xe2, 0x80): return true
            default: before = (before.1, byte)
            }
        }
        return false
    }
}
