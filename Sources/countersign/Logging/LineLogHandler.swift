import FoundationEssentials
import Glibc
import Logging

/// Writes log lines to standard error, each with one call, so that those of several threads do not mix.
struct LineLogHandler: LogHandler {
    var format: LogLine.Format
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
        let values = self.metadata.merging(metadata ?? [:]) { _, new in new }
        let line = LogLine(
            time: Date(), level: level, message: "\(message)",
            fields: values.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") })
        let bytes = Array((line.text(format) + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
