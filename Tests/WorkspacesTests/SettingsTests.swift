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

    @Test(
        "a refused value is answered with the setting's name and what it may be",
        arguments: [
            ("code_length", SettingValue.text("six"), "6 to 9"), ("code_length", .number(5), "6 to 9"),
            ("captcha", .text("on"), "off or required"), ("sealed_code_alphabet", .text("hex"), "digits or base32"),
            ("default_channel", .text("email"), "sms, voice or whatsapp"),
            ("default_channel", .text("pigeon"), "sms, voice or whatsapp"),
            ("visitor_limit", .number(-1), "0 (off) to 1000000000"), ("auth_proxy", .text("on"), "true or false"),
            ("domain", .text("localhost"), "a host name such as example.com"),
            (
                "allowed_origins", .list(["app.example.com"]),
                "at most 50 origins such as https://app.example.com, as browsers write them: lower case, no path, no slash at the end; http only for localhost, *.localhost, 127.0.0.1 and [::1]"
            ),
            ("allowed_senders", .text("a@example.com"), "at most 20 e-mail addresses in lower case"),
            ("captcha_site_key", .text("a b"), "1 to 100 ASCII characters without spaces"),
            ("audit_retention", .text("gdpr=0"), "forever, soc2, hipaa or gdpr=DAYS, 1 to 3650 days"),
        ])
    func allowedValues(name: String, value: SettingValue, allowed: String) {
        #expect {
            var settings = WorkspaceSettings()
            try settings.merge([name: value])
            try settings.check()
        } throws: { error in
            (error as? WorkspaceError)?.message == "\(name) must be \(allowed)"
        }
    }

    @Test(
        "a country that there is none of is refused by its name",
        arguments: [
            ("allowed_countries", ["DE", "XX"], "XX"), ("denied_countries", ["UK"], "UK"),
            ("routes", ["*=sms", "ZZ=voice"], "ZZ"),
        ])
    func unknownCountry(name: String, values: [String], unknown: String) {
        #expect {
            var settings = WorkspaceSettings()
            try settings.merge([name: .list(values)])
            try settings.check()
        } throws: { error in
            (error as? WorkspaceError)?.message.hasPrefix("\(name) has \(unknown), which is no country") == true
        }
    }

    @Test(
        "a value out of range is refused and nothing changes",
        arguments: [
            ("code_length", SettingValue.number(5)), ("code_length", .number(10)),
            ("code_lifetime_seconds", .number(601)), ("code_lifetime_seconds", .number(0)),
            ("default_channel", .text("email")), ("domain", .text("no spaces.example")), ("domain", .text("localhost")),
            ("monthly_quota", .number(-1)), ("cooldown_seconds", .number(-1)), ("visitor_limit", .number(-1)),
            ("sealed_code_length", .number(5)), ("sealed_code_length", .number(10)),
            ("sealed_code_lifetime_seconds", .number(0)), ("sealed_code_lifetime_seconds", .number(601)),
            ("verification_token_seconds", .number(0)), ("verification_token_seconds", .number(86_401)),
            ("session_seconds", .number(0)), ("session_seconds", .number(2_592_001)),
            ("session_maximum_seconds", .number(0)), ("session_maximum_seconds", .number(2_592_001)),
            ("captcha", .text("sometimes")), ("captcha_site_key", .text("")), ("captcha_site_key", .text("a b")),
            ("allowed_senders", .list(["not an address"])), ("allowed_senders", .list(["Upper@example.com"])),
            ("allowed_senders", .list((1...21).map { "a\($0)@example.com" })),
            ("allowed_origins", .list((1...51).map { "https://a\($0).example.com" })),
            ("allowed_origins", .text("https://example.com")),
            ("allowed_addresses", .list(["10.0.0.1/8"])), ("allowed_addresses", .text("10.0.0.0/8")),
            ("allowed_addresses", .list((0...50).map { "192.0.2.\($0)" })),
            ("routes", .list(["sms"])), ("routes", .list(["*=email"])), ("routes", .list(["*="])),
            ("routes", .list(["*=sms/sms"])), ("routes", .list(["*=sms/"])), ("routes", .list(["in=sms"])),
            ("routes", .list(["IND=sms"])), ("routes", .list(["IN=sms", "IN=voice"])),
            ("routes", .list(["IN=sms=voice"])),
            ("routes", .text("*=sms")), ("routes", .list(["=sms"])), ("routes", .list(["*=pigeon"])),
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

    @Test("of a list of addresses the entry that is wrong is told, and not repeated")
    func wrongAddress() throws {
        var settings = WorkspaceSettings()
        let error = #expect(throws: WorkspaceError.invalidSetting("")) {
            try settings.merge(["allowed_addresses": .list(["192.0.2.7", "10.0.0.1/8"])])
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("entry 2 is neither") && !text.contains("10.0.0.1"))
    }

    @Test("a sealed setting at the edge of its range is accepted")
    func edges() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let patch: [String: SettingValue] = [
            "sealed_code_length": .number(6), "sealed_code_lifetime_seconds": .number(600),
            "verification_token_seconds": .number(86_400), "session_seconds": .number(2_592_000),
            "visitor_limit": .number(0), "captcha": .text("required"), "captcha_site_key": .text("0x4AAA"),
            "allowed_senders": .list((1...20).map { "a\($0)@example.com" }),
            "allowed_origins": .list((1...50).map { "https://a\($0).example.com" }),
        ]
        let changed = try await installation.directory.update(workspace.id, origin: .system) {
            try $0.settings.merge(patch)
        }
        #expect(changed.settings.allowedOrigins.count == 50 && changed.settings.allowedSenders.count == 20)
        #expect(try await installation.directory.workspace(workspace.id) == changed)
    }

    @Test("a list is replaced as a whole and brought back to its default by null")
    func lists() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        for (value, origins) in [
            (
                SettingValue.list(["https://a.example.com", "https://b.example.com"]),
                ["https://a.example.com", "https://b.example.com"]
            ),
            (.list(["https://c.example.com"]), ["https://c.example.com"]), (.null, []),
        ] {
            let changed = try await installation.directory.update(workspace.id, origin: .system) {
                try $0.settings.merge(["allowed_origins": value])
            }
            #expect(changed.settings.allowedOrigins == origins)
            #expect(try await installation.auditTrail(workspace).last == "workspace.changed done allowed_origins")
        }
    }

    @Test("a change is audited with its value, unless that is free text, which may be personal", arguments: changes)
    func auditedValue(setting: String, value: SettingValue, audited: String) async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        _ = try await installation.directory.update(workspace.id, origin: .system) {
            try $0.settings.merge([setting: value])
        }
        let trail = try await installation.auditTrail(workspace)
        #expect(trail.contains("workspace.changed done \(audited)"))
        _ = try await installation.directory.update(workspace.id, origin: .system) {
            try $0.settings.merge([setting: .null])
        }
        #expect(try await !installation.auditTrail(workspace).contains { $0.contains("pii") })
    }

    private static let changes: [(String, SettingValue, String)] =
        [
            ("domain", .text("pii.example.org"), "domain"),
            ("allowed_origins", .list(["https://pii.example.org"]), "allowed_origins"),
            ("allowed_senders", .list(["pii.marker@example.org"]), "allowed_senders"),
            ("captcha_site_key", .text("pii"), "captcha_site_key"),
            ("allowed_addresses", .list(["192.0.2.7"]), "allowed_addresses"),
        ]
        + WorkspaceSettings.names.compactMap { name in
            closedValues[name].map { (name, $0, "\(name)=\($0.text)") }
        }

    private static let closedValues: [String: SettingValue] = [
        "default_channel": .text("voice"), "monthly_quota": .number(7), "daily_budget": .number(7),
        "cooldown_seconds": .number(7), "code_length": .number(7), "code_alphabet": .text("base32"),
        "code_lifetime_seconds": .number(7), "code_in_subject": .boolean(true), "allow_premium": .boolean(true),
        "recipient_limit": .number(7), "prefix_limit": .number(7), "country_limit": .number(7),
        "routes": .list(["*=whatsapp/sms/voice", "IN=sms"]), "network_limit": .number(7), "auth_proxy": .boolean(false),
        "visitor_limit": .number(7),
        "sandbox": .boolean(true), "sealed_code_length": .number(7), "sealed_code_alphabet": .text("digits"),
        "sealed_code_lifetime_seconds": .number(7), "verification_token_seconds": .number(7),
        "session_seconds": .number(7), "session_maximum_seconds": .number(7), "captcha": .text("required"),
        "captcha_fails_open": .boolean(true), "public_log": .boolean(true), "audit_retention": .text("gdpr=30"),
        "legal_hold": .boolean(true), "guard_mode": .text("enforce"), "guard_prefix_budget": .number(7),
        "guard_network_budget": .number(7), "guard_country_budget": .number(7), "guard_application_budget": .number(7),
        "allowed_countries": .list(["DE"]), "denied_countries": .list(["DE", "FR"]),
        "denied_number_types": .list(["voip"]), "own_limits": .list(["user=5/3600"]),
    ]

    @Test("no setting is left out of what is known about its values in the audit log")
    func allChanges() { #expect(Set(Self.changes.map(\.0)) == Set(WorkspaceSettings.names)) }

    @Test(
        "an origin is taken only as browsers write it, and without TLS only of this machine",
        arguments: [
            ("https://example.com", true), ("https://app.example.com:8443", true), ("http://localhost", true),
            ("http://localhost:5173", true), ("http://127.0.0.1:3000", true), ("http://[::1]:3000", true),
            ("http://app.localhost:3000", true), ("https://localhost:3000", true), ("https://192.0.2.7", true),
            ("http://example.com", false), ("https://example.com/", false), ("https://example.com/app", false),
            ("https://Example.com", false), ("HTTPS://example.com", false), ("https://example.com:443", false),
            ("http://localhost:80", false), ("https://example.com:0", false), ("https://example.com:65536", false),
            ("https://example.com:08443", false), ("https://example.com:", false), ("https://*.example.com", false),
            ("https://user@example.com", false), ("https://example.com?x", false), ("https://", false),
            ("example.com", false), ("null", false), ("*", false), ("", false), ("file://", false),
            ("https://example.com https://b.example.com", false), ("https://example.com\n", false),
            ("http://127.0.0.1.example.com", false), ("http://localhost.example.com", false),
            ("https://192.0.2.300", false), ("https://[::1", false), ("http://192.0.2.7", false),
        ])
    func origins(text: String, isTaken: Bool) {
        var settings = WorkspaceSettings()
        settings.allowedOrigins = [text]
        #expect(((try? settings.check()) != nil) == isTaken)
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
