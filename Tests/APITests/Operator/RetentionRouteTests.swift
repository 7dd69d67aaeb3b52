import Testing

@Suite("Operator's API: how long the audit log is kept")
struct RetentionRouteTests {
    private func set(_ patch: String, on server: TestServer) async -> TestServer.Answer {
        await server.call(.PATCH, "/v1/workspace", key: server.operatorKey, body: patch)
    }

    @Test("rule and hold are settings of the workspace; the state of the log shows them, and the audit each change")
    func settings() async throws {
        let server = try await TestServer()
        #expect(await set(#"{"audit_retention":"gdpr=90","legal_hold":true}"#, on: server).status == 200)
        let state = await server.call(.GET, "/v1/log/state", key: server.operatorKey)
        #expect(state.status == 200 && state.text("retention") == "gdpr=90" && state.number("minimum") == 0)
        #expect(state.text.contains(#""legal_hold":true"#))
        #expect(await set(#"{"audit_retention":null}"#, on: server).status == 200)
        let told = try await server.installation.auditTrail(server.workspace).suffix(4)
        #expect(
            told == [
                "log.retention_changed done forever to gdpr=90", "log.held done ",
                "workspace.changed done audit_retention=forever", "log.retention_changed done gdpr=90 to forever",
            ])
    }

    @Test(
        "a rule that is none is refused with what there is, and nothing changes",
        arguments: [#""soc3""#, #""gdpr=0""#, #""gdpr=3651""#, "90", "true", #"["soc2"]"#])
    func refused(rule: String) async throws {
        let server = try await TestServer()
        let before = try await server.installation.auditTrail(server.workspace)
        let answer = await set(#"{"audit_retention":\#(rule)}"#, on: server)
        #expect(answer.status == 422 && answer.code == "invalid_setting")
        #expect(answer.text.contains("forever, soc2, hipaa or gdpr=DAYS, 1 to 3650 days"))
        #expect(try await server.installation.auditTrail(server.workspace) == before)
    }

    @Test("the state of a log says where the stored rule is none")
    func damagedRule() async throws {
        let server = try await TestServer { $0.legalHold = true }
        #expect(await set(#"{"audit_retention":"soc2"}"#, on: server).status == 200)
        _ = try await server.installation.database.write {
            try $0.execute("UPDATE audit_retention SET rule = 'garbage'", [])
        }
        let state = await server.call(.GET, "/v1/log/state", key: server.operatorKey)
        #expect(state.status == 200 && state.text("retention") == "damaged")
    }

    @Test("nobody is erased under a legal hold, and the answer says what to do")
    func held() async throws {
        let server = try await TestServer { $0.legalHold = true }
        func erase() async -> TestServer.Answer {
            await server.call(
                .POST, "/v1/log/erasures", key: server.operatorKey, body: #"{"contact":"anna@example.com"}"#)
        }
        let refused = await erase()
        #expect(refused.status == 409 && refused.code == "legal_hold" && refused.text.contains("legal_hold: false"))
        _ = await set(#"{"legal_hold":false}"#, on: server)
        #expect(await erase().status == 200)
    }
}
