extension String {
    /// Whether there is a control character (U+0000 to U+001F, U+007F to U+009F) or a separator of lines or paragraphs
    /// (U+2028, U+2029): what one program reads on behind, and another stops at.
    var hasControlCharacters: Bool {
        unicodeScalars.contains { scalar in
            let value = scalar.value
            return value < 0x20 || value >= 0x7f && (value <= 0x9f || value == 0x2028 || value == 0x2029)
        }
    }
}
