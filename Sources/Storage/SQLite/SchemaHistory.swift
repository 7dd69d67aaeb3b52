import CSQLite

/// The migrations that a database has seen (table `schema_migration`), and the way to the newest one.
struct SchemaHistory {
    let connection: SQLiteConnection
    let path: String

    /// Applies what is missing, each migration in a transaction of its own.
    func apply(_ migrations: [Migration], at time: Int64) throws(StorageError) {
        try Self.checkNumbers(migrations)
        let applied = try appliedDigests()
        guard applied.count <= migrations.count else {
            throw StorageError(
                .newerSchema,
                reason: """
                    \(path) was written by a newer Countersign (schema \(applied.count), this program knows \
                    \(migrations.count)): install that version or restore a backup
                    """)
        }
        for (migration, digest) in zip(migrations, applied) where migration.digest != digest {
            throw StorageError(
                .invalidDatabase,
                reason: """
                    \(path) was made with another text of migration \(migration.number) (\(migration.name)): \
                    install the version that wrote it; a released migration must not change
                    """)
        }
        for migration in migrations.dropFirst(applied.count) { try apply(migration, at: time) }
    }

    private static func checkNumbers(_ migrations: [Migration]) throws(StorageError) {
        for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
            throw StorageError(
                .invalidStatement,
                reason: "migration \(migration.number) (\(migration.name)) stands where number \(index + 1) belongs")
        }
    }

    /// The digests of the applied migrations, in their order. Creates the table in an empty database.
    private func appliedDigests() throws(StorageError) -> [String] {
        let tables = try connection.prepared("SELECT name FROM sqlite_schema WHERE type = 'table'")
        let names = try tables.rows([], limit: .max).map { row throws(StorageError) in try row.text(0) }
        if names.isEmpty {
            try connection.run(
                """
                CREATE TABLE schema_migration (
                    number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL,
                    applied_at BIGINT NOT NULL)
                """)
        } else if !names.contains("schema_migration") {
            throw StorageError(.invalidDatabase, reason: "\(path) is a database of another program")
        }
        let history = try connection.prepared("SELECT number, digest FROM schema_migration ORDER BY number")
        var digests: [String] = []
        for row in try history.rows([], limit: .max) {
            guard try row.integer(0) == Int64(digests.count + 1) else {
                throw StorageError(.invalidDatabase, reason: "\(path) lacks migration \(digests.count + 1)")
            }
            digests.append(try row.text(1))
        }
        return digests
    }

    private func apply(_ migration: Migration, at time: Int64) throws(StorageError) {
        do {
            try connection.run("BEGIN IMMEDIATE")
            try connection.withoutTransactionControl { () throws(StorageError) in
                // Half of the pages that a write touches, where rows are only found by their key.
                try connection.run(migration.sql.replacing("/* clustered */", with: "WITHOUT ROWID"))
            }
            let record = try connection.prepared(
                "INSERT INTO schema_migration (number, name, digest, applied_at) VALUES ($1, $2, $3, $4)")
            _ = try record.execute([
                .integer(Int64(migration.number)), .text(migration.name), .text(migration.digest), .integer(time),
            ])
            try connection.run("COMMIT")
        } catch {
            if connection.isInTransaction { try? connection.run("ROLLBACK") }
            // A full disk stays what it is: the migration may succeed later.
            throw StorageError(
                error.code == .unavailable ? .unavailable : .invalidDatabase,
                reason: "migration \(migration.number) (\(migration.name)) of \(path) failed: \(error.reason)")
        }
    }
}

extension SQLiteConnection {
    /// Runs `body` while SQLite refuses statements that would end the transaction or reach outside the database.
    fileprivate func withoutTransactionControl(_ body: () throws(StorageError) -> Void) throws(StorageError) {
        sqlite3_set_authorizer(
            handle,
            { _, action, _, _, _, _ in
                let refused = [SQLITE_TRANSACTION, SQLITE_SAVEPOINT, SQLITE_ATTACH, SQLITE_DETACH, SQLITE_PRAGMA]
                return refused.contains(action) ? SQLITE_DENY : SQLITE_OK
            }, nil)
        defer { sqlite3_set_authorizer(handle, nil, nil) }
        try body()
    }
}
