import Storage
import TransparencyLog

/// Why a piece of a log cannot be given. Equal by code.
public struct LogReadingError: StorageFailure, Equatable {
    public enum Code: Sendable, Equatable {
        /// The log has no such tile, or nothing was signed yet.
        case notFound
        /// The entries were kept as long as the workspace's rule says, and no longer.
        case pruned
        /// There is nothing to prove between these sizes.
        case badRange
        /// What is stored does not fit what was signed.
        case damaged
        /// The store cannot answer now.
        case unavailable
    }

    public let code: Code
    /// For the log, never for an answer.
    public let reason: String

    public init(_ code: Code, _ reason: String = "") {
        self.code = code
        self.reason = reason
    }

    public init(_ error: any Error) {
        switch error {
        case let error as Self: self = error
        case let error as LogError where error.code == .badRange: self.init(.badRange, error.message)
        case let error as LogError: self.init(.damaged, error.message)
        case is MissingTile: self.init(.damaged, "a tile is missing")
        case let error as StorageError where error.code == .unexpectedValue: self.init(.damaged, error.reason)
        case let error as StorageError: self.init(.unavailable, error.reason)
        default: self.init(.unavailable, "an unexpected error of type \(type(of: error))")
        }
    }

    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }
}
