/// What an export of a log holds, as the text of a signed note. Its first line has spaces, which no origin has: it can
/// never be read as a checkpoint, nor a checkpoint as this.
public struct ExportStatement: Hashable, Sendable {
    /// How the entries are written.
    public enum Format: String, CaseIterable, Sendable {
        case jsonl, csv
    }

    /// Which log; the name of its key as well.
    public let origin: KeyName
    public let format: Format
    /// Which entries were asked for, in the exporter's own words; one line of 1 to 1,000 bytes.
    public let selection: String
    /// The number of entries in the export.
    public let entries: UInt64
    /// SHA-256 of the export's bytes.
    public let digest: LogHash
    /// The log's signed head at the time.
    public let head: TreeHead
    /// Unix time in milliseconds, as the exporter gave it.
    public let time: UInt64

    /// - Returns: nil unless the selection is one line of allowed length.
    public init?(
        origin: KeyName, format: Format, selection: String, entries: UInt64, digest: LogHash, head: TreeHead,
        time: UInt64
    ) {
        let isLine = selection.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        guard isLine, 1...1000 ~= selection.utf8.count else { return nil }
        self.origin = origin
        self.format = format
        self.selection = selection
        self.entries = entries
        self.digest = digest
        self.head = head
        self.time = time
    }

    private static let title = "countersign export v1"

    /// The note's text.
    public var text: String {
        """
        \(Self.title)
        log \(origin)
        format \(format.rawValue)
        selection \(selection)
        entries \(entries)
        digest sha256 \(digest)
        tree \(head.size) \(head.root)
        time \(time)

        """
    }
}

extension ExportStatement {
    /// Reads a note's text, written exactly as ``text`` writes it; nil for any other.
    public init?(parsing text: String) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            Substring($0)
        }
        guard lines.count == 9, lines[0] == Self.title,
            let origin = lines[1].after("log ").flatMap({ try? KeyName($0) }),
            let format = lines[2].after("format ").flatMap({ Format(rawValue: $0) }),
            let selection = lines[3].after("selection "),
            let entries = lines[4].after("entries ").flatMap({ UInt64(canonicalDecimal: $0.utf8) }),
            let digest = lines[5].after("digest sha256 ").flatMap({ try? LogHash(base64: $0) }),
            let head = lines[6].after("tree ").flatMap({ Self.head($0) }),
            let time = lines[7].after("time ").flatMap({ UInt64(canonicalDecimal: $0.utf8) })
        else { return nil }
        self.init(
            origin: origin, format: format, selection: selection, entries: entries, digest: digest, head: head,
            time: time)
        guard self.text.utf8.elementsEqual(text.utf8) else { return nil }
    }

    private static func head(_ text: String) -> TreeHead? {
        let parts = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2, let size = UInt64(canonicalDecimal: parts[0]),
            let root = try? LogHash(base64: Substring(parts[1]))
        else { return nil }
        return TreeHead(size: size, root: root)
    }
}

extension Substring {
    /// What follows `word` at the start; nil where it does not start so.
    fileprivate func after(_ word: String) -> String? { hasPrefix(word) ? String(dropFirst(word.count)) : nil }
}
