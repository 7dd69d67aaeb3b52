/// The name of a key in signed notes: not empty, without spaces, plus signs and control characters. Equal by bytes.
public struct KeyName: Sendable, CustomStringConvertible {
    /// As it is written.
    public let text: String

    /// - Throws: ``LogError`` with `badKey` for a text that cannot be a name.
    public init(_ text: String) throws(LogError) {
        let fits = text.unicodeScalars.allSatisfy {
            !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20
        }
        guard !text.isEmpty, fits else {
            throw LogError(.badKey, "A key's name is not empty and has no spaces, plus signs and control characters.")
        }
        self.text = text
    }

    public var description: String { text }
}

// Two texts that Unicode holds to be equivalent are one `String`, yet two names.
extension KeyName: Hashable {
    public static func == (one: Self, other: Self) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }
    public func hash(into hasher: inout Hasher) { hasher.combine(Array(text.utf8)) }
}
