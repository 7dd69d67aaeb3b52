import FoundationEssentials
import Glibc
import JOSE

/// Writes what a command answers to standard output.
enum Output {
    static func line(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            written += count
        }
    }

    static func json(_ value: JSONValue) { line(value.description) }

    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        line(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}

extension Output {
    /// What a server's answer warns of, below everything else.
    static func warnings(_ warnings: [String]?) {
        for warning in warnings ?? [] { line("WARNING: \(warning)") }
    }

    /// Names and values, one pair a line.
    static func table(_ rows: [(String, String)]) { columns(rows.map { [$0.0, $0.1] }) }

    /// Rows of cells, each column as wide as its widest cell, the last one excepted. Each cell is kept to its line.
    static func columns(_ rows: [[String]]) {
        let rows = rows.map { $0.map { $0.visible(atMost: .max) } }
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.compactMap { $0.dropFirst(column).first?.count }.max() ?? 0 }
        for row in rows {
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            line(cells.joined(separator: "  "))
        }
    }
}
