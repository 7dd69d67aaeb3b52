extension String {
    /// Whether both are the same but for the case of ASCII letters.
    ///
    /// - Parameter lowercase: in lower case.
    func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: lowercase.utf8Start, count: lowercase.utf8CodeUnitCount)
        guard utf8.count == wanted.count else { return false }
        return zip(utf8, wanted).allSatisfy { $0 == $1 || ($0 >= 0x41 && $0 <= 0x5A && $0 | 0x20 == $1) }
    }
}
