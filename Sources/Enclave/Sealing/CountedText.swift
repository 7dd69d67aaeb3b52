/// Joins texts so that the result says how many they are and where each one ends: `("ab", "c")`, `("a", "bc")` and
/// `("a")` followed by other bytes all differ.
enum CountedText {
    static func join(_ texts: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(texts.reduce(32) { $0 + $1.utf8.count + 4 })
        bytes.append(UInt8(truncatingIfNeeded: texts.count))
        for text in texts {
            withUnsafeBytes(of: UInt32(text.utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: text.utf8)
        }
        return bytes
    }
}
