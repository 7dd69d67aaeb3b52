/// Finds what someone meant who misspelt a name.
public enum Spelling {
    /// The name in `names` that `word` comes closest to, if it comes close: two edits at most, and fewer than half of
    /// its letters. An edit is a letter added, left out, replaced, or swapped with its neighbour (Damerau–Levenshtein
    /// distance, each letter edited once). Upper and lower case are the same, `_` and `-` do not count; of two equally
    /// close names the first wins.
    ///
    /// Words longer than 64 bytes are close to nothing, so that a stranger's input cannot make this slow.
    public static func closest(to word: String, among names: some Sequence<String>) -> String? {
        guard word.utf8.count <= longest else { return nil }
        let letters = letters(of: word)
        var best: (name: String, distance: Int)?
        for name in names where name.utf8.count <= longest {
            let other = Self.letters(of: name)
            let allowed = min(2, (max(letters.count, other.count) - 1) / 2)
            guard abs(letters.count - other.count) <= allowed else { continue }
            let distance = distance(letters, other)
            if distance <= allowed, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    private static let longest = 64

    private static func letters(of word: String) -> [UInt8] {
        word.lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
    }

    /// Row by row over the table of distances between beginnings of the two words; a swap looks two rows back.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...other.count)
        for i in one.indices {
            var row = [i + 1]
            for j in other.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (one[i] == other[j] ? 0 : 1))
                if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[other.count]
    }
}
