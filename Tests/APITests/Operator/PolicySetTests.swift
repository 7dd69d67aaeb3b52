import Fixtures
import HTTPServer
import JOSE
import Testing

@Suite("Operator's API: policies as a set")
struct PolicySetTests {
    private static let read = #"{"name":"Read","conditions":{"action":{"equals":"file.read"}},"action":"auto_approve"}"#
    private static let bank = #"{"name":"Bank","conditions":{"action":{"startsWith":"bank."}},"action":"deny"}"#

    private func apply(_ policies: [String], _ more: String = "", on server: TestServer) async -> TestServer.Answer {
        await server.call(
            .POST, "/v1/policies/apply", key: server.operatorKey,
            body: #"{"policies":[\#(policies.joined(separator: ","))]\#(more)}"#)
    }

    private func names(_ server: TestServer) async -> [String] {
        let listed = await server.call(.GET, "/v1/policies", key: server.operatorKey)
        return listed.json?["policies"]?.elements?.compactMap { $0["name"]?.text } ?? []
    }

    @Test("a dry run tells what would change and changes nothing; applying it is what was told")
    func dryRun() async throws {
        let server = try await TestServer()
        let trial = await apply([Self.read, Self.bank], #","dry_run":true"#, on: server)
        #expect(trial.status == 200 && trial.json?["applied"] == .boolean(false))
        #expect(trial.json?["added"] == .array([.string("Read"), .string("Bank")]))
        #expect(await names(server).isEmpty)
        let version = try #require(trial.number("version"))
        let applied = await apply([Self.read, Self.bank], #","version":\#(version)"#, on: server)
        #expect(applied.status == 200 && applied.json?["applied"] == .boolean(true))
        #expect(applied.json?["added"] == trial.json?["added"] && applied.number("version") == version + 1)
        #expect(await names(server) == ["Bank", "Read"], "in the order in which they decide")
    }

    @Test("what changed since it was looked at is not overwritten")
    func conflict() async throws {
        let server = try await TestServer()
        let before = try #require(await apply([Self.read], on: server).number("version"))
        _ = await apply([Self.bank], on: server)
        for more in [#","version":\#(before)"#, #","version":\#(before),"dry_run":true"#] {
            let answer = await apply([Self.read], more, on: server)
            #expect(answer.status == 409 && answer.code == "policies_changed")
        }
        #expect(await names(server) == ["Bank"])
    }

    @Test("each field that differs is told with what it was and what it becomes")
    func changedFields() async throws {
        let server = try await TestServer()
        _ = await apply([Self.read, Self.bank], on: server)
        let answer = await apply(
            [Self.read.replacing("file.read", with: "file.list")], #","dry_run":true"#, on: server)
        let change = try #require(answer.json?["changed"]?.elements?.first)
        #expect(change["name"]?.text == "Read")
        let field = try #require(change["fields"]?.elements?.first)
        #expect(field["name"]?.text == "conditions.action.equals" && field["before"]?.text == "file.read")
        #expect(field["after"]?.text == "file.list" && answer.json?["removed"] == .array([.string("Bank")]))
        #expect(answer.text("text")?.contains("- \"Bank\"") == true)
    }

    @Test("one wrong rule among right ones applies nothing, and every fault is told with its rule")
    func faults() async throws {
        let server = try await TestServer()
        _ = await apply([Self.bank], on: server)
        let wrong = #"{"name":"Wrong","conditions":{"action":{"equls":"x.y"}},"action":"maybe"}"#
        for (policies, name, fields) in [
            ([Self.read, wrong], "Wrong", ["action", "conditions.action.equls"]),
            ([Self.read, Self.read], "Read", ["name"]),
        ] {
            let answer = await apply(policies, on: server)
            #expect(answer.status == 422 && answer.code == "invalid_field")
            let errors = try #require(answer.json?["errors"]?.elements)
            #expect(errors.allSatisfy { $0["policy"]?.text == name })
            #expect(errors.compactMap { $0["field"]?.text }.sorted() == fields)
        }
        #expect(await names(server) == ["Bank"])
    }

    @Test("a rule for an agent that does not exist, or that can never decide, is refused, in a dry run too")
    func impossible() async throws {
        let server = try await TestServer()
        let nobody = Self.bank.replacing(#""action":"deny""#, with: #""action":"deny","agentId":"agt_nobody""#)
        let shadowed = #"{"name":"All","conditions":{},"action":"deny","priority":5}"#
        for (policies, name, field) in [([nobody], "Bank", "agentId"), ([Self.read, shadowed], "Read", "conditions")] {
            for more in ["", #","dry_run":true"#] {
                let answer = await apply(policies, more, on: server)
                let fault = try #require(answer.json?["errors"]?.elements?.first, "\(answer.text)")
                #expect(answer.status == 422 && fault["policy"]?.text == name && fault["field"]?.text == field)
            }
        }
        #expect(await names(server).isEmpty)
    }

    @Test(
        "a body that is no set is refused, misspelt members included",
        arguments: [
            "", "[]", "{}", #"{"policies":{}}"#, #"{"policies":[],"dryrun":true}"#, #"{"policies":[1]}"#,
            #"{"policies":[],"version":"1"}"#, #"{"policies":[],"dry_run":1}"#,
        ])
    func malformed(_ body: String) async throws {
        let server = try await TestServer()
        let answer = await server.call(.POST, "/v1/policies/apply", key: server.operatorKey, body: body)
        #expect(answer.status == 422, "\(answer.text)")
    }

    @Test("a made-up request is explained rule by rule with the values seen, by the policies in force or by others")
    func explain() async throws {
        let server = try await TestServer()
        _ = await apply([Self.read, Self.bank], on: server)
        let question = #"{"request":{"action":"bank.transfer"}"#
        let answer = await server.call(
            .POST, "/v1/policies/explain", key: server.operatorKey, body: question + "}")
        let rules = try #require(answer.json?["explanation"]?["rules"]?.elements)
        #expect(answer.json?["explanation"]?["decision"]?.text == "deny" && rules.count == 2)
        #expect(rules[0]["conditions"]?.elements?.first?["seen"]?.text == "bank.transfer")
        #expect(answer.text("text")?.contains("Bank") == true)
        let other = await server.call(
            .POST, "/v1/policies/explain", key: server.operatorKey, body: question + #","policies":[]}"#)
        #expect(other.json?["explanation"]?["decision"]?.text == "require_approval")
    }

    @Test("a recorded request is explained by the rule as it was then and by those of today")
    func explainRecorded() async throws {
        let server = try await TestServer()
        _ = await apply([Self.bank], on: server)
        let agent = await server.call(.POST, "/api/v1/agents", key: server.operatorKey, body: #"{"name":"Robot"}"#)
        let key = try #require(agent.json?["data"]?["apiKey"]?.text)
        let asked = await server.call(
            .POST, "/api/v1/permissions/request", key: key, body: #"{"action":"bank.transfer"}"#)
        let permission = try #require(asked.json?["data"]?["id"]?.text)
        _ = await apply([Self.bank.replacing("bank.", with: "casino.")], on: server)
        let answer = await server.call(
            .POST, "/v1/policies/explain", key: server.operatorKey, body: #"{"permission":"\#(permission)"}"#)
        #expect(answer.text("decision") == "deny", "\(answer.text)")
        let then = answer.json?["decided_by"]?["rules"]?.elements?.first
        #expect(
            then?["conditions"]?.elements?.first?["expected"]?.text == "bank." && then?["outcome"]?.text == "decides")
        #expect(answer.json?["explanation"]?["decision"]?.text == "require_approval")
    }

    @Test("what is no question about a request is refused, and a permission that does not exist is not found")
    func noQuestion() async throws {
        let server = try await TestServer()
        func ask(_ body: String) async -> TestServer.Answer {
            await server.call(.POST, "/v1/policies/explain", key: server.operatorKey, body: body)
        }
        for body in [
            "{}", #"{"permission":"perm_0","request":{"action":"a.b"}}"#, #"{"request":{"action":"A.B"}}"#,
            #"{"request":{"action":"a.b","amount":1}}"#, #"{"request":[]}"#,
        ] {
            #expect(await ask(body).status == 422, "\(body)")
        }
        #expect(await ask(#"{"permission":"perm_0"}"#).status == 404)
    }

    @Test("a replay wants a time and policies that can be read")
    func replayInput() async throws {
        let server = try await TestServer()
        for body in [
            #"{"policies":[]}"#, #"{"policies":[],"since":"yesterday"}"#, #"{"since":"2026-11-21T00:00:00Z"}"#,
            #"{"since":"2026-11-21T00:00:00Z","policies":[{"name":"x"}]}"#,
        ] {
            let answer = await server.call(.POST, "/v1/policies/replay", key: server.operatorKey, body: body)
            #expect(answer.status == 422, "\(body)")
        }
    }
}
