import EnclaveLink
import Storage

/// A contact to which nothing is sent: whoever reviews an app enters its fixed code until the end date. The host knows the
/// code, so that what it wins says `test` and is signed by the keys of test.
public struct TestRecipient: Equatable, Sendable {
    /// Test recipients of one workspace, at most.
    public static let limit = 20
    /// Milliseconds that one may last, at most: a year and a day.
    static let longest: Int64 = 366 * 86_400_000

    /// A normalised number or e-mail address.
    public let address: String
    /// 6 to 9 digits.
    public let code: TestCode
    /// Unix milliseconds.
    public let expiresAt: Int64

    static func all(workspace: String, in transaction: any Transaction) throws(StorageError) -> [TestRecipient] {
        try transaction.rows(
            "SELECT address, code, expires_at FROM test_recipient WHERE workspace = $1 ORDER BY address",
            [.text(workspace)]
        ).map { row throws(StorageError) in
            TestRecipient(address: try row.text(0), code: TestCode(try row.text(1)), expiresAt: try row.integer(2))
        }
    }

    func save(workspace: String, now: Int64, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO test_recipient (workspace, address, code, expires_at, created_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (workspace, address) DO UPDATE SET code = $3, expires_at = $4
            """, [.text(workspace), .text(address), .text(code.value), .integer(expiresAt), .integer(now)])
    }

    /// False if there is none of this address.
    static func delete(
        _ address: String, workspace: String, in transaction: any Transaction
    ) throws(StorageError) -> Bool {
        try transaction.execute(
            "DELETE FROM test_recipient WHERE workspace = $1 AND address = $2", [.text(workspace), .text(address)])
            == 1
    }
}
