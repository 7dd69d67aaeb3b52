import Fixtures
import Testing
import Workspaces

@Suite("Workspace settings")
struct SettingsTests {
    @Test("a merge patch changes what it names and nothing else; null brings the default back")
    func merge() throws {
        var settings = WorkspaceSettings()
        try settings.merge(["code_length": .number(8), "domain": .text("example.com")])
        #expect(settings.codeLength == 8 && settings.domain == "example.com" && settings.cooldownSeconds == 60)
        try settings.merge(["code_length": .null, "domain": .null])
        #expect(settings == WorkspaceSettings())
    }

    @Test("a value of the wrong type is refused by the setting's name")
    func wrongType() {
        var settings = WorkspaceSettings()
        #expect {
            try settings.merge(["code_length": .text("six")])
        } throws: { error in
            (error as? WorkspaceError)?.message.contains("code_length") == true
        }
    }

    @Test(
        "a value out of range is refused and nothing changes",
        arguments: [
            ("code_length", SettingValue.number(5)), ("code_length", .number(10)),
            ("code_lifetime_seconds", .number(601)), ("code_lifetime_seconds", .number(0)),
            ("default_channel", .text("email")), ("domain", .text("no spaces.example")), ("domain", .text("localhost")),
            ("monthly_quota", .number(-1)), ("cooldown_seconds", .number(-1)),
        ])
    func outOfRange(name: String, value: SettingValue) async throws {
        let installation = try await Installation()
        let before = try await installation.workspace()
        await #expect(throws: WorkspaceError.invalidSetting("")) {
            try await installation.directory.update(before.id, origin: .system) {
                try $0.settings.merge([name: value])
            }
        }
        #expect(try await installation.directory.workspace(before.id) == before)
    }

    @Test("each change is audited, and a refused one is not")
    func audited() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let before = try await installation.auditTrail(workspace).count
        _ = try await installation.directory.update(workspace.id, origin: .system) { $0.name = "new" }
        _ = try? await installation.directory.update(workspace.id, origin: .system) { $0.name = "" }
        let trail = try await installation.auditTrail(workspace)
        #expect(trail.count == before + 1 && trail.last == "workspace.changed done name")
        _ = try await installation.directory.update(workspace.id, origin: .system) { $0.settings.codeLength = 8 }
        #expect(try await installation.auditTrail(workspace).last == "workspace.changed done code_length=8")
    }
}
