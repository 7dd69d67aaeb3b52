import AuditLog
import Enclave
import EnclaveLink
import Fixtures
import Passcodes
import Schema
import Storage
import Testing
import Workspaces

@Suite("A database of part 1")
struct UpgradeTests {
    /// A database as the first version left it: its tables, the keys it made, and a workspace.
    private struct Old {
        let folder: ScratchFolder
        let time = ManualTime()
        let enclave: InProcessEnclave
        var keys: [SigningKeyPurpose: [String]] = [:]
        var path: String { folder.path + "/test.db" }

        init() async throws {
            folder = try ScratchFolder()
            enclave = try InProcessEnclave(clock: time)
            let database = try SQLiteDatabase.open(
                path: folder.path + "/test.db", migrations: Array(Schema.migrations.prefix(1)))
            for (purpose, states) in [
                (SigningKeyPurpose.enclave, ["current"]), (.identity, ["current", "next", "retired"]),
                (.identityTest, ["current", "next"]),
            ] {
                for state in states {
                    keys[purpose, default: []].append(try await makeKey(purpose, state, in: database))
                }
            }
            await database.close()
        }

        private func makeKey(
            _ purpose: SigningKeyPurpose, _ state: String, in database: SQLiteDatabase
        ) async throws -> String {
            let made = try await enclave.call(CreateSigningKey(purpose: purpose, algorithm: .es256))
            let now = time.now.unixMilliseconds
            _ = try await database.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO signing_key
                        (workspace, id, purpose, algorithm, state, public_key, sealed, created_at, activated_at,
                         retired_at)
                    VALUES ('-', $1, $2, 'es256', $3, $4, $5, $6, $6, CASE WHEN $3 = 'retired' THEN $6 END)
                    """,
                    [
                        .text(made.keyIdentifier), .text(purpose.rawValue), .text(state), .text(made.publicKey),
                        .bytes(made.sealed), .integer(now),
                    ])
            }
            return made.keyIdentifier
        }

        func signingKeys(_ database: SQLiteDatabase) -> SigningKeys {
            SigningKeys(
                database: database, audit: AuditTrail { [enclave] in enclave.greeting?.auditKey },
                settings: SigningKeySettings(algorithm: .es256, publishesTestKey: true),
                issuer: Installation.issuer, clock: time.wall)
        }
    }

    @Test("gets the new keys at its first start and keeps the ones it has")
    func keys() async throws {
        let old = try await Old()
        let database = try SQLiteDatabase.open(path: old.path, migrations: Schema.migrations)
        let keys = old.signingKeys(database)
        try old.enclave.restart()
        try await keys.prepare(old.enclave)
        for purpose in SigningKeyPurpose.allCases {
            #expect(keys.all.count { $0.purpose == purpose && $0.state == .current } == 1)
            #expect(keys.all.count { $0.purpose == purpose && $0.state == .next } == 1)
        }
        for (purpose, identifiers) in old.keys {
            #expect(try keys.current(purpose) == identifiers[0])
            #expect(Set(identifiers).isSubset(of: keys.all.map(\.id)))
        }
        // The key that clients may have pinned before leads to the next one.
        try await keys.rotate([.enclave], enclave: old.enclave, origin: .system)
        #expect(keys.pinned(.enclave)?.endorsements.first?.signer == old.keys[.enclave]?.first)
        let again = old.signingKeys(database)
        try old.enclave.restart()
        try await again.prepare(old.enclave)
        #expect(again.all == keys.all)
        await database.close()
    }

    @Test("keeps its plain challenges as they are")
    func challenges() async throws {
        let old = try await Old()
        let before = try SQLiteDatabase.open(path: old.path, migrations: Array(Schema.migrations.prefix(1)))
        _ = try await before.write { transaction in
            try transaction.execute(
                """
                INSERT INTO challenge
                    (workspace, id, mode, contact, channel, state, boot, sealed, attempt_limit, earlier_failures,
                     created_at, expires_at)
                VALUES ('ws_1', 'oe_1', 'live', $1, 'sms', 'pending', $1, $1, 5, 0, 1, 2)
                """, [.bytes([1])])
        }
        await before.close()
        let after = try SQLiteDatabase.open(path: old.path, migrations: Schema.migrations)
        let row = try await after.read {
            try $0.row("SELECT flow, target_bundle, decoy, state FROM challenge", []).map {
                try "\($0.text(0))|\($0.text(1))|\($0.integer(2))|\($0.text(3))"
            }
        }
        #expect(row == "||0|pending")
        await after.close()
    }
}
