import CSQLite

extension StorageError {
    /// What a result code of SQLite means to us.
    ///
    /// SQLite's own message is used only where it names tables and columns (a broken rule) or the statement's text
    /// (which is a literal of ours); the message of any other failure at run time could quote a value.
    static func sqlite(_ result: Int32, on connection: OpaquePointer?, preparing: Bool = false) -> StorageError {
        let message = sqlite3_errmsg(connection).map { String(cString: $0) } ?? ""
        let kind = sqlite3_errstr(result).map { String(cString: $0) } ?? "error"
        switch result & 0xff {
        case SQLITE_CONSTRAINT:
            return StorageError(.constraintViolated, reason: message)
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return StorageError(.invalidDatabase, reason: "\(kind) (SQLite code \(result))")
        case SQLITE_ERROR, SQLITE_MISUSE, SQLITE_RANGE, SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_AUTH:
            return StorageError(.invalidStatement, reason: preparing ? message : "\(kind) (SQLite code \(result))")
        default:
            let cause = sqlite3_system_errno(connection)
            let detail = cause == 0 ? "" : ", \(describe(systemError: cause))"
            return StorageError(.unavailable, reason: "\(kind) (SQLite code \(result)\(detail))")
        }
    }

    /// The same error with the start of the statement in its reason where the statement is at fault. It is a literal
    /// and holds no value.
    func naming(_ sql: StaticString) -> StorageError {
        guard code == .invalidStatement else { return self }
        let line = sql.description.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(120)
        return StorageError(code, reason: "\(reason) (\(line))")
    }

    static let closed = StorageError(.unavailable, reason: "the database is closed")
}
