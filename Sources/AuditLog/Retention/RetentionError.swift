import Storage
import TransparencyLog

/// Why nothing was removed from a log. Equal by code.
public struct RetentionError: StorageFailure, Equatable {
    public enum Code: Sendable, Equatable {
        /// The workspace is under legal hold.
        case held
        /// What was to be destroyed is destroyed, but older copies of it are still in the database's files.
        case unfinished
        /// Entries are missing, or do not fit the tree that was signed.
        case damaged
        /// The store cannot answer now.
        case unavailable
    }

    public let code: Code
    /// For the log, never for an answer.
    public let reason: String

    init(_ code: Code, _ reason: String = "") {
        self.code = code
        self.reason = reason
    }

    public init(_ error: any Error) {
        switch error {
        case let error as Self: self = error
        case let error as LogReadingError where error.code == .damaged: self.init(.damaged, error.reason)
        case is MissingTile: self.init(.damaged, "a tile is missing")
        case let error as LogError: self.init(.damaged, error.message)
        case let error as StorageError where error.code == .unexpectedValue: self.init(.damaged, error.reason)
        case let error as StorageError: self.init(.unavailable, error.reason)
        default: self.init(.unavailable, "an unexpected error of type \(type(of: error))")
        }
    }

    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }
}
