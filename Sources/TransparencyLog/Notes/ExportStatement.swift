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
    /// The indices of the entries in the export, which the log's head covers.
    public let entries: Range<UInt64>
    /// SHA-256 of the export's bytes.
    public let digest: LogHash
    /// The log's signed head at the time.
    public let head: TreeHead
    /// Unix time in milliseconds, as the exporter gave it.
    public let time: UInt64

    /// - Returns: nil where the log has not all of these entries.
    public init?(
        origin: KeyName, format: Format, entries: Range<UInt64>, digest: LogHash, head: TreeHead, time: UInt64
    ) {
        guard entries.upperBound <= head.size else { return nil }
        self.origin = origin
        self.format = format
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
        entries \(entries.lowerBound) \(entries.upperBound)
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
        guard lines.count == 8, lines[0] == Self.title,
            let origin = lines[1].after("log ").flatMap({ try? KeyName($0) }),
            let format = lines[2].after("format ").flatMap({ Format(rawValue: $0) }),
            let entries = lines[3].after("entries ").flatMap({ Self.range($0) }),
            let digest = lines[4].after("digest sha256 ").flatMap({ try? LogHash(base64: $0) }),
            let head = lines[5].after("tree ").flatMap({ Self.head($0) }),
            let time = lines[6].after("time ").flatMap({ UInt64(canonicalDecimal: $0.utf8) })
        else { return nil }
        self.init(origin: origin, format: format, entries: entries, digest: digest, head: head, time: time)
        guard self.text.utf8.elementsEqual(text.utf8) else { return nil }
    }

    /// The statement in a note that the log's key has signed.
    /// - Throws: ``LogError`` as ``SignedNote/verify(with:)`` does, with `badNote` for another text, with `wrongOrigin` for
    ///   a statement about another log than the key's.
    public init(opening note: SignedNote, signedBy key: VerifierKey) throws(LogError) {
        try note.verify(with: [key])
        guard let statement = Self(parsing: note.text) else {
            throw LogError(.badNote, "The note says nothing of an export.")
        }
        guard statement.origin == key.name else { throw LogError(.wrongOrigin, "The export is of another log.") }
        self = statement
    }

    private static func range(_ text: String) -> Range<UInt64>? {
        let ends = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard ends.count == 2, let start = UInt64(canonicalDecimal: ends[0]),
            let end = UInt64(canonicalDecimal: ends[1]),
            start <= end
        else { return nil }
        return start..<end
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
