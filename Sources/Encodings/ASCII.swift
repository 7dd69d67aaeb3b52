/// Classes of ASCII characters, of which names and numbers on the wire are made.
extension UInt8 {
    public var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
    public var isLowercaseLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self }
    public var isUppercaseLetter: Bool { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self }
    public var isLetter: Bool { isLowercaseLetter || isUppercaseLetter }
    public var isLetterOrDigit: Bool { isLetter || isDigit }

    /// True if it is among the characters of an ASCII text.
    public func isOne(of characters: StaticString) -> Bool {
        characters.withUTF8Buffer { $0.contains(self) }
    }
}
