import CSQLite

/// The row at which a statement stands.
struct SQLiteRow: LentRow {
    let handle: OpaquePointer

    func integer(_ column: Int) throws(StorageError) -> Int64 {
        guard sqlite3_column_type(handle, Int32(column)) == SQLITE_INTEGER else { throw .unexpectedValue(column) }
        return sqlite3_column_int64(handle, Int32(column))
    }

    func withText(
        _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(StorageError) -> Void
    ) throws(StorageError) {
        guard sqlite3_column_type(handle, Int32(column)) == SQLITE_TEXT else { throw .unexpectedValue(column) }
        guard let start = sqlite3_column_text(handle, Int32(column)) else { throw .outOfMemory }
        try body(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column)))))
    }

    func withOptionalBytes(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>?) -> Void) throws(StorageError) {
        switch sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_NULL: body(nil)
        case SQLITE_BLOB:
            // SQLite answers null for a blob of no bytes.
            let start = sqlite3_column_blob(handle, Int32(column))?.assumingMemoryBound(to: UInt8.self)
            body(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column)))))
        default: throw .unexpectedValue(column)
        }
    }
}
