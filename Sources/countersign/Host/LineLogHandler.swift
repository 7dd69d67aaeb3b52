import FoundationEssentials
import Glibc
import Logging

/// Writes log lines to standard error: as text, or as one JSON object a line.
struct LineLogHandler: LogHandler {
    enum Format: String, CaseIterable, Sendable { case text, json }

    var format: Format
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(
        level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String,
        function: String, line: UInt
    ) {
        let values = self.metadata.merging(metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        let text =
            switch format {
            case .text: Self.text(level, message, values)
            case .json: Self.json(level, message, values)
            }
        // One write for each line, so that lines of several threads do not mix.
        _ = Array((text + "\n").utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private static func text(
        _ level: Logger.Level, _ message: Logger.Message, _ values: [(key: String, value: Logger.MetadataValue)]
    ) -> String {
        let fields = values.map { " \($0.key)=\(quoted("\($0.value)"))" }.joined()
        return "\(now()) \(level) \(message)\(fields)"
    }

    /// A value with spaces or line ends is quoted, so that it cannot pass for another field or line.
    private static func quoted(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x3D }
        return isPlain ? value : encoded(value)
    }

    private static func json(
        _ level: Logger.Level, _ message: Logger.Message, _ values: [(key: String, value: Logger.MetadataValue)]
    ) -> String {
        let fields = values.map { ",\(encoded($0.key)):\(encoded("\($0.value)"))" }.joined()
        return "{\"time\":\"\(now())\",\"level\":\"\(level)\",\"message\":\(encoded("\(message)"))\(fields)}"
    }

    private static func encoded(_ value: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }

    private static func now() -> String {
        Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
