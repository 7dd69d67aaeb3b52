import Encodings

/// Header text beyond ASCII (RFC 2047).
enum EncodedWord {
    /// The bytes of UTF-8 in one encoded word, each escaped to three characters. An encoded word may have 75 (§2);
    /// 64 leave room for the name of the header field, because such a line is limited to 76.
    private static let room = (64 - "=?UTF-8?Q??=".count) / 3

    /// Unstructured header text, such as a subject: only the words that need it are encoded, so that a code stays
    /// readable. Words are separated by single spaces or folds.
    static func encoded(_ text: String) -> String {
        var result = ""
        var pending: [Substring] = []
        func append(_ part: String, separator: String) { result += (result.isEmpty ? "" : separator) + part }
        for word in text.split(separator: " ") {
            if needsEncoding(word) {
                pending.append(word)
            } else if pending.isEmpty {
                append(String(word), separator: " ")
            } else {
                append(encodedRun(pending), separator: "\r\n ")
                append(String(word), separator: "\r\n ")
                pending = []
            }
        }
        if !pending.isEmpty { append(encodedRun(pending), separator: "\r\n ") }
        return result
    }

    /// The whole text encoded, for a phrase, where an unencoded neighbour could be a special character.
    static func encoded(phrase: String) -> String { encodedRun(phrase.split(separator: " ")) }

    /// True for text that is not printable ASCII, and for text that a reader would decode as an encoded word.
    static func needsEncoding(_ text: some StringProtocol) -> Bool {
        text.utf8.contains { $0 < 0x20 || $0 > 0x7E } || text.contains("=?")
    }

    /// One run of words as encoded words on lines of their own. The space between two encoded words is not shown
    /// (§6.2), so the run's own spaces are encoded inside.
    private static func encodedRun(_ words: [Substring]) -> String {
        var chunks: [[UInt8]] = []
        for scalar in words.joined(separator: " ").unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if let last = chunks.last, last.count + bytes.count <= room {
                chunks[chunks.count - 1] += bytes
            } else {
                chunks.append(bytes)
            }
        }
        return chunks.map { "=?UTF-8?Q?\($0.map(escaped).joined())?=" }.joined(separator: "\r\n ")
    }

    /// Letters stay; all else is escaped, digits too, so that an escape followed by digits never looks like a code.
    private static func escaped(_ byte: UInt8) -> String {
        switch byte {
        case _ where byte.isLetter: String(UnicodeScalar(byte))
        case UInt8(ascii: " "): "_"
        default: QuotedPrintable.escape(byte)
        }
    }
}
