/// A row of CSV (RFC 4180) that a spreadsheet takes for text alone: each cell is quoted, and one that would be read as a
/// formula begins with an apostrophe (OWASP, CSV injection), as does one that has an apostrophe there itself, so that it
/// can be taken off again.
enum CSVRow {
    private static let quote = UInt8(ascii: "\"")
    private static let guarded = Set("=+-@'\t\r\n".utf8)

    /// The row with its end.
    static func text(_ cells: [String]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(1024)
        for (index, cell) in cells.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text.append(quote)
            if let first = cell.utf8.first, guarded.contains(first) { text.append(UInt8(ascii: "'")) }
            for byte in cell.utf8 {
                if byte == quote { text.append(quote) }
                text.append(byte)
            }
            text.append(quote)
        }
        text.append(contentsOf: [0x0D, 0x0A])
        return text
    }

    /// The cells of a row, each quoted, with its end; nil for any other text.
    static func cells(_ text: [UInt8]) -> [String]? {
        guard text.suffix(2) == [0x0D, 0x0A] else { return nil }
        var rest = text.dropLast(2)
        var cells: [String] = []
        while true {
            guard let cell = cell(&rest) else { return nil }
            cells.append(cell)
            guard let next = rest.popFirst() else { return cells }
            guard next == UInt8(ascii: ",") else { return nil }
        }
    }

    /// Takes a quoted cell off the beginning.
    private static func cell(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard rest.popFirst() == quote else { return nil }
        var cell: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote {
                guard rest.first == quote else {
                    if cell.first == UInt8(ascii: "'") { cell.removeFirst() }
                    return String(validating: cell, as: UTF8.self)
                }
                rest.removeFirst()
            }
            cell.append(byte)
        }
        return nil
    }
}
