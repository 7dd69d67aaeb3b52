import FoundationEssentials
import Logging

/// One line of the log, and the only place that says what a line looks like.
struct LogLine {
    enum Format: String, CaseIterable, Sendable { case text, json }

    var time: Date
    var level: Logger.Level
    var message: String
    /// Names in snake_case, and what they say.
    var fields: [(name: String, value: String)]

    /// The line without its end. Whatever the values are, it is one line, and none of them passes for another field.
    func text(_ format: Format) -> String {
        switch format {
        case .text: plain
        case .json: json
        }
    }

    /// RFC 3339 with milliseconds, level and message, then the fields.
    private var plain: String {
        let fields = fields.map { " \($0.name)=\(LogText.word($0.value))" }.joined()
        return "\(moment) \(level.rawValue) \(LogText.escaped(message))\(fields)"
    }

    /// The same as one object (RFC 8259). All values are texts.
    private var json: String {
        let members = [("time", moment), ("level", level.rawValue), ("message", message)] + fields
        return "{" + members.map { "\(LogText.quoted($0.0)):\(LogText.quoted($0.1))" }.joined(separator: ",") + "}"
    }

    private var moment: String { time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
}
