/// Why the database did not do what it was asked. Equal by code.
public struct StorageError: Error, Sendable, Equatable {
    /// What kind of failure it is, for callers to decide by.
    public enum Code: Sendable, Equatable {
        /// The store cannot answer now (closed, disk full, I/O error): answer 503.
        case unavailable
        /// A uniqueness or foreign-key rule was broken.
        case constraintViolated
        /// The statement is wrong: a mistake of ours.
        case invalidStatement
        /// A column holds another type than was asked for, a number out of range, or text that is not UTF-8.
        case unexpectedValue
        /// The database was written by a newer version of the program.
        case newerSchema
        /// A migration failed, or the file is no database.
        case invalidDatabase
    }

    /// What kind of failure it is.
    public let code: Code
    /// For the log, never for an answer: it may name tables, never values.
    public let reason: String

    /// An error of this kind, with a reason for the log.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// By code alone: the reason is for people.
    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }

    static func unexpectedValue(_ column: Int) -> Self {
        .init(.unexpectedValue, reason: "column \(column) is of another type or out of range, or is missing")
    }
}
