import CSQLite

/// A prepared statement whose parameters are `$1` to `$n`, in any order and as often as wanted, all of them used.
final class SQLiteStatement {
    let isReadOnly: Bool
    let handle: OpaquePointer
    private let connection: OpaquePointer
    /// The `n` of each `$n`, in the order in which SQLite counts parameters: that of their first use.
    private let parameters: [Int]
    private var bound = BoundValues()

    init(_ sql: UnsafeBufferPointer<UInt8>, on connection: OpaquePointer) throws(StorageError) {
        var handle: OpaquePointer?
        var rest: UnsafePointer<CChar>?
        let result = sql.withMemoryRebound(to: CChar.self) { text in
            sqlite3_prepare_v3(
                connection, text.baseAddress, Int32(text.count), UInt32(SQLITE_PREPARE_PERSISTENT), &handle, &rest)
        }
        guard result == SQLITE_OK else { throw .sqlite(result, on: connection, preparing: true) }
        guard let handle else { throw .invalidStatement("it is empty") }
        do {
            try Self.checkNothingFollows(rest, in: sql)
            parameters = try Self.parameters(of: handle)
        } catch {
            sqlite3_finalize(handle)
            throw error
        }
        isReadOnly = sqlite3_stmt_readonly(handle) != 0
        self.handle = handle
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    /// Runs the statement to its end and returns how many rows it changed.
    func execute(_ values: [SQLValue]) throws(StorageError) -> Int {
        try bind(values)
        defer { rewind() }
        while try step() {}
        // A statement that only reads leaves SQLite's counter at the change before it.
        return isReadOnly ? 0 : Int(sqlite3_changes64(connection))
    }

    /// The rows of the answer, `limit` at most.
    func rows(_ values: [SQLValue], limit: Int) throws(StorageError) -> [Row] {
        try bind(values)
        defer { rewind() }
        var rows: [Row] = []
        // A statement with RETURNING has made all its changes when its first row arrives, so stopping early is safe.
        while rows.count < limit, try step() { rows.append(try currentRow()) }
        return rows
    }

    /// Lends the rows of the answer, one after the other.
    func forEachRow(
        _ values: [SQLValue], _ body: (any LentRow) throws(StorageError) -> Void
    ) throws(StorageError) {
        try bind(values)
        defer { rewind() }
        let row = SQLiteRow(handle: handle)
        while try step() { try body(row) }
    }

    private func step() throws(StorageError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let result: throw .sqlite(result, on: connection)
        }
    }

    private func rewind() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        bound.clear()
    }
}

extension SQLiteStatement {
    private func bind(_ values: [SQLValue]) throws(StorageError) {
        guard values.count == parameters.count else {
            throw .invalidStatement("it has \(parameters.count) parameters and was given \(values.count) values")
        }
        bound.prepare(for: values)
        for position in parameters.indices {
            let result = bind(values[parameters[position] - 1], at: Int32(position + 1))
            guard result == SQLITE_OK else {
                rewind()
                throw .sqlite(result, on: connection)
            }
        }
    }

    private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        switch value {
        case .null:
            return sqlite3_bind_null(handle, index)
        case .integer(let number):
            return sqlite3_bind_int64(handle, index, number)
        case .text(var text):
            return text.withUTF8 { utf8 in
                guard let length = Int32(exactly: utf8.count) else { return SQLITE_TOOBIG }
                return countersign_sqlite3_bind_text(handle, index, bound.keep(UnsafeRawBufferPointer(utf8)), length)
            }
        case .bytes(let bytes):
            guard let length = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
            return bytes.withUnsafeBytes { countersign_sqlite3_bind_blob(handle, index, bound.keep($0), length) }
        }
    }

    private func currentRow() throws(StorageError) -> Row {
        let count = sqlite3_column_count(handle)
        var columns: [SQLValue] = []
        columns.reserveCapacity(Int(count))
        for index in 0..<count { columns.append(try column(index)) }
        return Row(columns: columns)
    }

    private func column(_ index: Int32) throws(StorageError) -> SQLValue {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_NULL:
            return .null
        case SQLITE_INTEGER:
            return .integer(sqlite3_column_int64(handle, index))
        case SQLITE_TEXT:
            guard let start = sqlite3_column_text(handle, index) else { throw .outOfMemory }
            let utf8 = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index)))
            guard let text = String(validating: utf8, as: UTF8.self) else { throw .unexpectedValue(Int(index)) }
            return .text(text)
        case SQLITE_BLOB:
            let count = Int(sqlite3_column_bytes(handle, index))
            // SQLite answers null for a blob of no bytes.
            guard let start = sqlite3_column_blob(handle, index) else { return .bytes([]) }
            return .bytes([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default:
            throw .unexpectedValue(Int(index))
        }
    }
}

extension SQLiteStatement {
    private static func checkNothingFollows(
        _ rest: UnsafePointer<CChar>?, in sql: UnsafeBufferPointer<UInt8>
    ) throws(StorageError) {
        guard let rest, let start = sql.baseAddress else { return }
        let used = UnsafeRawPointer(rest) - UnsafeRawPointer(start)
        let isBlank = sql.dropFirst(used).allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        guard isBlank else { throw .invalidStatement("it is more than one statement") }
    }

    private static func parameters(of handle: OpaquePointer) throws(StorageError) -> [Int] {
        var numbers: [Int] = []
        for index in 0..<sqlite3_bind_parameter_count(handle) {
            let name = sqlite3_bind_parameter_name(handle, index + 1).map { String(cString: $0) } ?? "?"
            guard name.first == "$", let number = Int(name.dropFirst()) else {
                throw .invalidStatement("its parameter \(name) is not $1, $2, …")
            }
            numbers.append(number)
        }
        // PostgreSQL refuses a parameter that the statement does not use, so the numbers are 1 to n here too.
        guard numbers.sorted() == Array(1..<(numbers.count + 1)) else {
            throw .invalidStatement("its parameters are not $1 to $\(numbers.count)")
        }
        return numbers
    }
}

extension StorageError {
    static func invalidStatement(_ reason: String) -> Self {
        StorageError(.invalidStatement, reason: "the statement cannot be run: \(reason)")
    }

    static let outOfMemory = StorageError(.unavailable, reason: "out of memory")
}
