import Foundation
import Logging
import Testing

@testable import countersign

@Suite("A line of the log")
struct LogLineTests {
    private static func line(_ message: String = "refused", _ fields: [(String, String)] = []) -> LogLine {
        LogLine(
            time: Date(timeIntervalSince1970: 1_800_000_000.25), level: .info, message: message,
            fields: fields.map { (name: $0.0, value: $0.1) })
    }

    /// What smuggles: ends of lines of every alphabet, a terminal's commands, turned reading direction, quotes.
    private static let hostile = [
        "a\nb", "a\r\nb", "a\u{85}b", "a\u{2028}b", "a\u{2029}b", "\u{1B}[2Ja", "\u{9B}2Ja", "a\u{0}b", "a\u{7F}b",
        "a\u{202E}b", "\u{FEFF}a", "a\" level=\"error", "a\",\"level\":\"error", "a\\", "a\\\"b", "\u{E000}",
        "2026-01-01T00:00:00.000Z error fake", "",
    ]

    @Test("is as text: time with milliseconds, level, message, fields")
    func text() {
        let line = Self.line("refused", [("code", "INVALID_CODE"), ("reason", "it is wrong")])
        #expect(line.text(.text) == #"2027-01-15T08:00:00.250Z info refused code=INVALID_CODE reason="it is wrong""#)
    }

    @Test("is as JSON one object with the same")
    func json() {
        let line = Self.line("refused", [("request_id", "0af7"), ("reason", "é \"x\"")])
        #expect(
            line.text(.json)
                == #"{"time":"2027-01-15T08:00:00.250Z","level":"info","message":"refused","request_id":"0af7","reason":"é \"x\""}"#
        )
    }

    @Test("stays one line that says what it said, whatever a value is", arguments: hostile)
    func smuggling(_ value: String) throws {
        for line in [Self.line("m", [("reason", value), ("last", "1")]), Self.line(value, [("last", "1")])] {
            let json = line.text(.json)
            let members = try #require(
                try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: String])
            #expect(members["message"] == line.message)
            #expect(members["level"] == "info" && members["last"] == "1")
            #expect(members["reason"] == line.fields.first { $0.name == "reason" }?.value)
            for text in [json, line.text(.text)] {
                #expect(text.unicodeScalars.allSatisfy { Self.isHarmless($0) }, "\(text)")
            }
        }
    }

    @Test("quotes what would pass for another field", arguments: ["a b=c", "x=y", "a\"b", "tab\there", ""])
    func quoting(_ value: String) {
        let text = Self.line("m", [("reason", value)]).text(.text)
        #expect(text.contains(#" reason=""#) && text.hasSuffix("\""))
        #expect(text.contains("reason=") && !text.contains(" b=c\n"))
    }

    @Test("has of a long value its begin, and no more")
    func long() throws {
        let text = Self.line("m", [("reason", String(repeating: "é", count: 100_000))]).text(.json)
        #expect(text.utf8.count < 2 * LogText.limit + 200)
        #expect(text.contains("éé…\""))
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse: false
        default: true
        }
    }
}
