import FoundationEssentials
import Glibc

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
    static func table(_ rows: [(String, String)]) {
        let width = rows.map(\.0.count).max() ?? 0
        for (name, value) in rows {
            line("\(name)\(String(repeating: " ", count: width - name.count))  \(value)")
        }
    }
}
