/// One row of an answer; columns are numbered from 0. A column of another type than asked for is an error of ours
/// and throws `StorageError.Code.unexpectedValue`.
public struct Row: Equatable, Sendable {
    /// The values in the order of the statement's columns.
    public let columns: [SQLValue]

    /// A row of these values; tests of code that reads rows make their own.
    public init(columns: [SQLValue]) { self.columns = columns }

    /// The integer in a column; NULL is an error.
    public func integer(_ column: Int) throws(StorageError) -> Int64 {
        guard let value = try optionalInteger(column) else { throw .unexpectedValue(column) }
        return value
    }

    /// How many there are of something, or the index of one, in a column; NULL and less than 0 are errors.
    public func count(_ column: Int) throws(StorageError) -> UInt64 {
        guard let count = UInt64(exactly: try integer(column)) else { throw .unexpectedValue(column) }
        return count
    }

    /// The text in a column; NULL is an error.
    public func text(_ column: Int) throws(StorageError) -> String {
        guard let value = try optionalText(column) else { throw .unexpectedValue(column) }
        return value
    }

    /// The bytes in a column; NULL is an error.
    public func bytes(_ column: Int) throws(StorageError) -> [UInt8] {
        guard let value = try optionalBytes(column) else { throw .unexpectedValue(column) }
        return value
    }

    /// The integer in a column, nil for NULL.
    public func optionalInteger(_ column: Int) throws(StorageError) -> Int64? {
        switch try value(column) {
        case .integer(let value): return value
        case .null: return nil
        default: throw .unexpectedValue(column)
        }
    }

    /// The text in a column, nil for NULL.
    public func optionalText(_ column: Int) throws(StorageError) -> String? {
        switch try value(column) {
        case .text(let value): return value
        case .null: return nil
        default: throw .unexpectedValue(column)
        }
    }

    /// The bytes in a column, nil for NULL.
    public func optionalBytes(_ column: Int) throws(StorageError) -> [UInt8]? {
        switch try value(column) {
        case .bytes(let value): return value
        case .null: return nil
        default: throw .unexpectedValue(column)
        }
    }

    private func value(_ column: Int) throws(StorageError) -> SQLValue {
        guard columns.indices.contains(column) else { throw .unexpectedValue(column) }
        return columns[column]
    }
}
