extension MessageWriter {
    /// The lines of a short message: one segment where the language and the domain leave room for the code, the
    /// application and the line that binds the code. To get there the warning goes first, then the minutes, then the
    /// end of the application's name; the code, a binding and the last line never do.
    public var smsLines: [String] {
        if let template { return lines(around: filled(template.text.phrase)) }
        var best = lines(around: filled(wording.short[0]))
        var fewest = Self.segments(best)
        for text in shorterTexts where fewest > 1 {
            let lines = lines(around: text)
            let segments = Self.segments(lines)
            if segments < fewest { (best, fewest) = (lines, segments) }
        }
        return best
    }

    /// The lines of a message in a messenger, which has no segments.
    public var chatLines: [String] {
        lines(around: filled(template?.text.phrase ?? wording.short[0]))
    }

    private func lines(around text: String) -> [String] {
        [text] + bindingLines + (values.originBoundLine.map { ["", $0] } ?? [])
    }

    /// Few steps, because carriers take many forms of one text for the mark of a spammer.
    private static let nameLengths = [32, 20, 12, 8]

    private var shorterTexts: [String] {
        (wording.short.dropFirst() + [Wording.shortest]).map { filled($0) }
            + Self.nameLengths.compactMap { length in
                shortened(values.application, to: length).map { filled(Wording.shortest, application: $0) }
            }
    }

    /// Nil for a name that is short enough. The points are those of the name's own alphabet.
    private func shortened(_ name: String, to length: Int) -> String? {
        guard name.utf16.count > length else { return nil }
        let points = SegmentCount(of: name).encoding == .gsm7 ? "..." : "…"
        var kept = ""
        for character in name {
            guard kept.utf16.count + String(character).utf16.count + points.utf16.count <= length else { break }
            kept.append(character)
        }
        return kept + points
    }

    private static func segments(_ lines: [String]) -> Int {
        SegmentCount(of: lines.joined(separator: "\n")).segments
    }
}
