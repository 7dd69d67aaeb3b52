extension String {
    /// Whether both are the same but for the case of ASCII letters.
    ///
    /// - Parameter lowercase: in lower case.
    func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: lowercase.utf8Start, count: lowercase.utf8CodeUnitCount)
        guard utf8.count == wanted.count else { return false }
        return zip(utf8, wanted).allSatisfy { $0 == $1 || ($0 >= 0x41 && $0 <= 0x5A && $0 | 0x20 == $1) }
    }

    /// The text without spaces and tabs at its end, which are not part of a field's value (RFC 9112, section 5.1);
    /// SwiftNIO's parser only drops those before it.
    var withoutTrailingSpace: String {
        if hasNoTrailingSpace { return self }
        let end = utf8.lastIndex { $0 != 0x20 && $0 != 0x09 }
        return end.map { String(self[...$0]) } ?? ""
    }

    var hasNoTrailingSpace: Bool {
        guard let last = utf8.last else { return true }
        return last != 0x20 && last != 0x09
    }

    /// Whether there is a line end in the text.
    var hasLineEnd: Bool {
        utf8.contains { $0 == 0x0D || $0 == 0x0A }
    }
}
