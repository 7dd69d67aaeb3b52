extension TilePath: CustomStringConvertible {
    /// The path below the log's prefix, such as `tile/0/x001/x234/067.p/5` or `tile/entries/000`.
    public var text: String {
        let place =
            switch content {
            case .hashes(let level): String(level)
            case .entries: Self.entriesWord
            }
        return "tile/\(place)/\(Self.groups(of: number))" + (isPartial ? ".p/\(width)" : "")
    }

    public var description: String { text }

    /// The tile that a path below the log's prefix names, written exactly as ``text`` writes it.
    /// - Throws: ``LogError`` with `badPath`.
    public init(parsing text: some StringProtocol) throws(LogError) {
        guard let path = Self.parsed(Array(text.utf8)) else {
            throw LogError(.badPath, "A tile's path is tile/<level or entries>/<number>[.p/<width>].")
        }
        self = path
    }

    private static let entriesWord = "entries"
    /// No path is longer: `tile/entries/`, seven groups for 2^64 - 1, `.p/255`.
    private static let maximumLength = 13 + 7 * 5 + 6

    /// Reads the parts and compares what they write with what was read, so that nothing has a second spelling.
    private static func parsed(_ text: [UInt8]) -> TilePath? {
        guard text.count <= maximumLength else { return nil }
        var parts = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)[...]
        guard parts.popFirst().map({ $0.elementsEqual("tile".utf8) }) == true, let place = parts.popFirst(),
            let content = content(place), let width = takeWidth(from: &parts), let number = number(parts),
            let path = try? TilePath(content, number: number, width: width), path.text.utf8.elementsEqual(text)
        else { return nil }
        return path
    }

    private static func content(_ text: ArraySlice<UInt8>) -> Content? {
        if text.elementsEqual(entriesWord.utf8) { return .entries }
        return UInt64(decimal: text).flatMap { Int(exactly: $0) }.map { .hashes(level: $0) }
    }

    /// Takes `.p/<width>` off the end of a partial tile's path; 256 for a full one's.
    private static func takeWidth(from parts: inout ArraySlice<ArraySlice<UInt8>>) -> Int? {
        guard parts.count > 1, parts[parts.endIndex - 2].suffix(2).elementsEqual(".p".utf8) else { return fullWidth }
        guard let width = UInt64(decimal: parts.removeLast()), width < fullWidth else { return nil }
        parts[parts.endIndex - 1].removeLast(2)
        return Int(width)
    }

    /// The number in groups of three digits, all but the last with an `x` before them.
    private static func groups(of number: UInt64) -> String {
        var rest = number
        var text = ""
        repeat {
            let digits = String(rest % 1000)
            let group = String(repeating: "0", count: 3 - digits.count) + digits
            text = text.isEmpty ? group : "x\(group)/\(text)"
            rest /= 1000
        } while rest > 0
        return text
    }

    private static func number(_ groups: ArraySlice<ArraySlice<UInt8>>) -> UInt64? {
        UInt64(decimal: groups.flatMap { $0.first == UInt8(ascii: "x") ? $0.dropFirst() : $0 })
    }
}
