/// The fenced blocks and tables of a page, to do what it shows.
struct MarkdownPage {
    /// A fenced block: what stands behind its opening fence, and its lines.
    struct Block {
        let kind: String
        var text = ""
    }

    private(set) var blocks: [Block] = []
    private var tables: [[[String]]] = []

    init(_ text: String) {
        var isInside = false
        var wasRow = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if !isInside { blocks.append(Block(kind: String(line.dropFirst(3)))) }
                isInside.toggle()
            } else if isInside {
                blocks[blocks.count - 1].text += line + "\n"
            }
            let isRow = !isInside && line.hasPrefix("| ")
            if isRow {
                if !wasRow { tables.append([]) }
                tables[tables.count - 1].append(Self.cells(line))
            }
            wasRow = isRow
        }
    }

    /// The rows of the only table whose head begins like this.
    func rows(under head: String...) -> [[String]] {
        let found = tables.filter { $0[0].starts(with: head) }
        return found.flatMap { $0.dropFirst(2) }
    }

    /// The cells of a row, without the marks of code.
    private static func cells(_ line: Substring) -> [String] {
        line.dropFirst(2).split(separator: " |", omittingEmptySubsequences: false).dropLast().map { cell in
            let text = cell.drop { $0 == " " }
            return String(text.hasPrefix("`") && text.hasSuffix("`") ? text.dropFirst().dropLast() : text)
        }
    }
}
