/// The piece of a text that a star of a ``Wildcard`` takes in, with what tells whether the whole still is where the
/// wildcard says: a service may resolve `//`, `/./`, `\\` and `%2e` before it acts.
struct StarredPart {
    private let bytes: [UInt8]
    private let range: Range<Int>

    private static let slash = UInt8(ascii: "/")
    private static let backslash = UInt8(ascii: "\\")

    init(of bytes: [UInt8], at range: Range<Int>) {
        self.bytes = bytes
        self.range = range
    }

    /// Whether a path that climbs is somewhere in a text, on either kind of slash.
    static func climbs(_ bytes: [UInt8]) -> Bool {
        bytes.split { $0 == slash || $0 == backslash }.contains { name(of: $0).elementsEqual("..".utf8) }
    }

    /// Whether there is a control character, a backslash, a segment that means another, or an escape for any of these.
    var leadsElsewhere: Bool {
        String(decoding: bytes[range], as: UTF8.self).hasControlCharacters || bytes[range].contains(Self.backslash)
            || segments.contains { isEmptyWithin($0) || Self.name(of: $0).elementsEqual(".".utf8) || Self.hides($0) }
    }

    /// The segments that the star reaches into, whole: one may begin or end in the wildcard's own text.
    private var segments: [ArraySlice<UInt8>] {
        let start = bytes[..<range.lowerBound].lastIndex(of: Self.slash).map { $0 + 1 } ?? 0
        let end = bytes[range.upperBound...].firstIndex(of: Self.slash) ?? bytes.count
        return bytes[start..<end].split(separator: Self.slash, omittingEmptySubsequences: false)
    }

    /// Whether there are two slashes in a row. A path may begin and end with one, and `https://` has two.
    private func isEmptyWithin(_ segment: ArraySlice<UInt8>) -> Bool {
        let start = segment.startIndex
        guard segment.isEmpty, start > 0, start < bytes.count else { return false }
        return !(start > 1 && bytes[start - 2] == UInt8(ascii: ":") && !bytes[..<(start - 1)].contains(Self.slash))
    }

    /// A segment without its parameters: some servers read `..;a` as `..`.
    private static func name(of segment: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        segment.prefix { $0 != UInt8(ascii: ";") }
    }

    /// Whether `segment` has an escape (`%2e`) of a dot, a slash, a percent sign or a control character, or the beginning
    /// of a longer way to write one (`%c0%ae`).
    private static func hides(_ segment: ArraySlice<UInt8>) -> Bool {
        segment.indices.contains { place in
            guard segment[place] == UInt8(ascii: "%"), place + 2 < segment.endIndex,
                let byte = UInt8(String(decoding: segment[(place + 1)...(place + 2)], as: UTF8.self), radix: 16)
            else { return false }
            switch byte {
            case 0..<0x20, 0x7f, 0xc0, 0xc1, slash, backslash, UInt8(ascii: "."), UInt8(ascii: "%"): return true
            default: return false
            }
        }
    }
}
