import Encodings

/// Why a message did not arrive, as its provider says it. Reasons are shown, told and logged, so that one in which a code
/// or a number may stand is not kept.
struct ReportedReason: Equatable, Sendable {
    /// Characters of a word, at most.
    private static let longest = 32
    /// Digits of a word, at most: one fewer than the shortest code has.
    private static let digits = 5
    /// What stands for a reason that is not kept.
    static let other = ReportedReason(text: "other")

    let text: String

    private init(text: String) { self.text = text }

    /// A number of the provider's own errors.
    init(code: Int64) { self.init(text: String(code)) }

    /// A word of a-z, 0-9, dots, hyphens and underscores, or a short number; `other` for everything else.
    init(_ text: String) {
        let isWord = 1...Self.longest ~= text.utf8.count && text.utf8.allSatisfy(Self.isOfWords)
        let isShort = text.utf8.count(where: \.isDigit) <= Self.digits
        self = isWord && isShort ? ReportedReason(text: text) : .other
    }

    private static func isOfWords(_ byte: UInt8) -> Bool {
        byte.isLowercaseLetter || byte.isDigit || "_.-".utf8.contains(byte)
    }
}
