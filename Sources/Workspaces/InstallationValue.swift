import Storage

/// What is stored once for the whole installation, by name.
enum InstallationValue: String {
    /// What tokens name as their issuer where no file configures one.
    case issuer
    /// See ``MasterKeyFloor``.
    case masterKeyFloor = "master_key_floor"

    /// In the place of a workspace: these belong to none.
    private static let instance = "-"

    private var key: [SQLValue] { [.text(Self.instance), .text(rawValue)] }

    /// Nil where it was never stored.
    func read(in transaction: any Transaction) throws(StorageError) -> String? {
        try transaction.row("SELECT value FROM installation WHERE workspace = $1 AND name = $2", key)?.text(0)
    }

    /// Stores it unless there is one.
    func keep(_ value: String, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO installation (workspace, name, value) VALUES ($1, $2, $3)
            ON CONFLICT (workspace, name) DO NOTHING
            """, key + [.text(value)])
    }

    /// Stores a number, unless the one that is there is as high.
    func raise(to number: UInt32, in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            """
            INSERT INTO installation (workspace, name, value) VALUES ($1, $2, $3)
            ON CONFLICT (workspace, name) DO UPDATE SET value = excluded.value
            WHERE CAST(installation.value AS INTEGER) < CAST(excluded.value AS INTEGER)
            """, key + [.text("\(number)")])
    }
}
