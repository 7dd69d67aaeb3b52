import AuditLog
import Fixtures
import Testing
import Workspaces

@Suite("Reminders of keys")
struct KeyReminderTests {
    let installation: Installation
    let workspace: Workspace
    let told = KeyChanges()

    init() async throws {
        installation = try await Installation()
        workspace = try await installation.workspace()
    }

    private var reminders: KeyReminders {
        KeyReminders(
            database: installation.database, audit: installation.audit, outbox: told, clock: installation.time.wall)
    }

    @discardableResult
    private func key(days: Int? = nil) async throws -> APIKey {
        try await installation.keys.create(
            workspace: workspace.id, kind: .live, name: "", lifetime: days, origin: .system
        ).key
    }

    private func pass(days: Int) { installation.time.advance(seconds: days * 86_400) }

    @Test("a key that is 90 days old is reminded of once, and not a moment before")
    func rotation() async throws {
        let key = try await key()
        installation.time.advance(seconds: 90 * 86_400 - 1)
        try await reminders.remind()
        #expect(told.all.isEmpty)
        installation.time.advance(seconds: 1)
        for _ in 0..<3 { try await reminders.remind() }
        pass(days: 300)
        try await reminders.remind()
        #expect(told.all.map(\.kind) == [.rotationDue] && told.all.first?.key.id == key.id)
        #expect(try await installation.auditTrail(workspace).last == "key.reminded done rotation_due")
        #expect(try await installation.keys.needingAttention(in: workspace.id).map(\.id) == [key.id])
        #expect(try await installation.keys.needingAttention(in: "ws_0").isEmpty)
    }

    @Test("a key that ends is reminded of 14 days and a day before, once each")
    func expiry() async throws {
        try await key(days: 30)
        pass(days: 15)
        try await reminders.remind()
        #expect(told.all.isEmpty)
        for _ in 0..<16 {
            pass(days: 1)
            try await reminders.remind()
        }
        #expect(told.all.map(\.kind) == [.expiring(days: 14), .expiring(days: 1)])
    }

    @Test("where nobody looked for a while, only the nearer threshold is told")
    func late() async throws {
        try await key(days: 30)
        installation.time.advance(seconds: 29 * 86_400 + 60)
        for _ in 0..<2 { try await reminders.remind() }
        #expect(told.all.map(\.kind) == [.expiring(days: 1)])
    }

    @Test("a key that was made for a short time is not announced to end as soon as it is made")
    func shortLived() async throws {
        try await key(days: 7)
        try await reminders.remind()
        #expect(told.all.isEmpty)
        installation.time.advance(seconds: 6 * 86_400 + 60)
        try await reminders.remind()
        #expect(told.all.map(\.kind) == [.expiring(days: 1)])
    }

    @Test("a key that is revoked or over, or that ends anyway, is not called old")
    func over() async throws {
        let revoked = try await key()
        try await key(days: 10)
        try await key(days: 95)
        try await installation.keys.revoke(revoked.id, workspace: workspace.id, origin: .system)
        pass(days: 90)
        try await reminders.remind()
        #expect(told.all.map(\.kind) == [.expiring(days: 14)])
    }

    @Test("two that look at the same time remind once, of many keys too")
    func race() async throws {
        for _ in 0..<30 { try await key() }
        pass(days: 90)
        let reminders = reminders
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await reminders.remind() } }
            try await group.waitForAll()
        }
        #expect(told.all.count == 30 && Set(told.all.map(\.key.id)).count == 30)
    }
}
