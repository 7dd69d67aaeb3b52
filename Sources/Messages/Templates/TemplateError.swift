/// Why a template is refused, and where. Equal by reason and part.
public struct TemplateError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Reason: String, CaseIterable, Sendable {
        case empty, tooLong, messageTooLong, codeMissing, codeTwice, codeNotFree, codeInSubject, unknownVariable,
            strayBrace, markup
        case forbiddenCharacter, severalLines, subjectMissing, subjectNotAllowed
    }

    public enum Part: String, Sendable {
        case subject, text
    }

    public let reason: Reason
    public let part: Part
    /// From 1 on; 0 where the fault is nowhere in particular.
    public let line: Int
    public let column: Int
    let message: String

    init(_ reason: Reason, in part: Part, line: Int = 0, column: Int = 0, _ message: String) {
        self.reason = reason
        self.part = part
        self.line = line
        self.column = column
        self.message = message
    }

    public static func == (one: Self, other: Self) -> Bool { one.reason == other.reason && one.part == other.part }

    /// Words for whoever wrote the template.
    public var description: String {
        line == 0 ? "\(part.rawValue): \(message)" : "\(part.rawValue), line \(line), column \(column): \(message)"
    }
}
