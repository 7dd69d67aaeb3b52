import AuditLog
import CSQLite
import Fixtures
import Schema
import Storage
import Testing

/// An empty database, and a trail with a key of its own.
final class TestLog: Sendable {
    let database: SQLiteDatabase
    let trail: AuditTrail
    let reader: AuditReader
    private let folder: ScratchFolder
    var path: String { folder.path + "/test.db" }

    init() throws {
        folder = try ScratchFolder()
        var settings = SQLiteSettings()
        settings.readerWait = .zero
        database = try SQLiteDatabase.open(
            path: folder.path + "/test.db", migrations: Schema.migrations, settings: settings)
        trail = AuditTrail { Array(repeating: 7, count: 32) }
        reader = AuditReader(database: database, trail: trail)
    }

    static let time: Int64 = 1_795_248_000_000

    static func entry(
        _ workspace: String = "ws_1", record: String = "ch_1", agent: String = "", time: Int64 = time,
        address: String = "192.0.2.1:5", subject: AuditSubject? = nil, detail: String = ""
    ) -> AuditEntry {
        AuditEntry(
            workspace: workspace, time: time, action: .challengeCreated, record: record, agent: agent,
            origin: RequestOrigin(principal: .key("key_1"), request: "req_1", address: address, userAgent: "curl/8"),
            subject: subject, detail: detail)
    }

    static let anna = AuditSubject(digest: Array(repeating: 1, count: 32), contact: "anna@example.com")
    static let bert = AuditSubject(digest: Array(repeating: 2, count: 32), contact: "+491701234567")

    func append(_ entries: AuditEntry...) async throws {
        for entry in entries { try await database.write { try self.trail.append(entry, in: $0) } }
    }

    /// All entries of a workspace, the oldest first.
    func all(_ workspace: String = "ws_1") async throws -> [OpenedEntry] {
        try await reader.entries(AuditFilter(), workspace: workspace, limit: .max).reversed()
    }

    /// How SQLite would run a statement, step by step.
    func plan(of sql: StaticString) throws -> [String] {
        var handle: OpaquePointer?
        var statement: OpaquePointer?
        defer {
            sqlite3_finalize(statement)
            sqlite3_close(handle)
        }
        #expect(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK)
        #expect(sqlite3_prepare_v2(handle, "EXPLAIN QUERY PLAN \(sql)", -1, &statement, nil) == SQLITE_OK)
        var steps: [String] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            steps.append(String(cString: try #require(sqlite3_column_text(statement, 3))))
        }
        return steps
    }

    /// Does something while somebody else reads the database as it was before.
    func whileRead(_ act: () async throws -> Void) async throws {
        var handle: OpaquePointer?
        defer { sqlite3_close(handle) }
        #expect(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK)
        #expect(sqlite3_exec(handle, "BEGIN; SELECT count(*) FROM audit_person", nil, nil, nil) == SQLITE_OK)
        try await act()
    }

    /// What somebody does who can write the file.
    func damage(_ sql: String) throws {
        var handle: OpaquePointer?
        defer { sqlite3_close(handle) }
        #expect(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK)
        #expect(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK)
    }

    func count(_ sql: StaticString) async throws -> Int64 {
        try await database.read { try $0.row(sql, [])?.integer(0) ?? 0 }
    }
}
