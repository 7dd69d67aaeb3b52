import CRE2

/// A regular expression in RE2's syntax whose matching takes time linear in the text.
///
/// It is found anywhere in a text, as in the dialect's original; `^` and `$` tie it to the whole. Upper and lower case
/// differ unless it begins with `(?i)`. Back references and look-around do not exist.
///
/// Unchecked because RE2's compiled expressions are safe to share between threads and never change.
public final class Pattern: @unchecked Sendable, Equatable {
    /// The longest pattern, in bytes of UTF-8.
    public static let longest = 1_000
    /// Bytes that one pattern's program and the caches of its matching may take. It keeps compiling below 10 ms.
    private static let memory = 256 * 1_024
    /// Instructions of the program times bytes of the text that one match may take: about 40 ms at worst.
    private static let work = 5_000_000

    /// The pattern as it was written.
    public let text: String
    private let compiled: OpaquePointer
    /// The longest text that is looked at, in bytes: 100,000 for a pattern of usual size.
    private let longestText: Int

    /// Compiles `text`.
    public init(_ text: String) throws(ValueFault) {
        guard text.utf8.count <= Self.longest else {
            throw ValueFault(message: "must be a pattern of at most \(Self.longest) bytes")
        }
        var text = text
        var reason = [CChar](repeating: 0, count: 200)
        let compiled = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                countersign_re2_compile($0.baseAddress, $0.count, Self.memory, &reason, reason.count)
            }
        }
        guard let compiled else {
            let cause = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw ValueFault(message: "is not a valid pattern: \(cause)")
        }
        self.text = text
        self.compiled = compiled
        longestText = Self.work / max(1, countersign_re2_size(compiled))
    }

    deinit { countersign_re2_free(compiled) }

    /// Whether the pattern is found in `text`; nil where that would take too long to tell, and for a text with control
    /// characters or line breaks: what stands behind one is another line to some programs, which `$` does not see.
    public func isFound(in text: String) -> Bool? {
        guard text.utf8.count <= longestText, !text.hasControlCharacters else { return nil }
        var text = text
        let result = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { countersign_re2_found(compiled, $0.baseAddress, $0.count) }
        }
        return result < 0 ? nil : result == 1
    }

    /// Compares the texts, byte by byte.
    public static func == (one: Pattern, other: Pattern) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }
}
