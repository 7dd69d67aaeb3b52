/// A row of an answer that is read where the database has it, without copies. It and what it lends are valid only while the
/// closure runs that it was given to. Columns are numbered from 0; one of another type than asked for throws
/// `StorageError.Code.unexpectedValue`, as with `Row`.
public protocol LentRow {
    /// The integer in a column; NULL is an error.
    func integer(_ column: Int) throws(StorageError) -> Int64

    /// Lends the bytes of the text in a column, which may be no UTF-8; NULL is an error.
    func withText(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(StorageError) -> Void) throws(StorageError)

    /// Lends the bytes in a column, nil for NULL.
    func withOptionalBytes(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>?) -> Void) throws(StorageError)
}
