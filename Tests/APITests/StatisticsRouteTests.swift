import Fixtures
import HTTPServer
import Testing
import Workspaces

@Suite("Routes of statistics and of the fraud guard")
struct StatisticsRouteTests {
    private static let path = "/api/v1/passcodes/statistics"
    private static let body = #"{"to":"+4915112345678","app":"Shop"}"#

    @Test("figures are for live keys and operators, under both prefixes")
    func figures() async throws {
        let server = try await TestServer()
        #expect(await server.call(.POST, "/api/v1/send-otp", key: server.live, body: Self.body).status == 200)
        for path in [Self.path, "/v1/passcodes/statistics"] {
            for key in [server.live, server.operatorKey] {
                let answer = await server.call(.GET, path + "?by=country&period=1h", key: key)
                #expect(answer.status == 200, "\(answer.text)")
                #expect(answer.text.contains(#""value":"DE""#) && answer.text.contains(#""sent":1"#))
            }
            #expect(await server.call(.GET, path, key: server.test).code == "PERMISSION_DENIED")
            #expect(await server.call(.GET, path).code == "MISSING_API_KEY")
        }
    }

    @Test(
        "what is not understood is refused",
        arguments: ["by=colour", "period=100y", "period=9999999d", "by=", "by=country&by=country", "workspace=ws_1"])
    func badInput(query: String) async throws {
        let server = try await TestServer()
        let answer = await server.call(.GET, Self.path + "?" + query, key: server.live)
        #expect(answer.status == 400 && ["INVALID_FIELD", "UNKNOWN_FIELD"].contains(answer.code))
    }

    @Test("no key sees another workspace's figures")
    func tenants() async throws {
        let server = try await TestServer()
        _ = await server.call(.POST, "/api/v1/send-otp", key: server.live, body: Self.body)
        let other = try await server.installation.workspace()
        let foreign = try await server.installation.keys.create(
            workspace: other.id, kind: .live, name: "", origin: .system
        ).secret.text
        #expect(await server.call(.GET, Self.path, key: foreign).text.contains(#""statistics":[]"#))
    }

    @Test("a stopped range answers 429 with Retry-After and without a reason, until an operator lifts it")
    func stopped() async throws {
        let server = try await TestServer {
            $0.cooldownSeconds = 0
            $0.guardMode = .enforce
            $0.guardPrefixBudget = 1
        }
        #expect(await server.call(.POST, "/api/v1/send-otp", key: server.live, body: Self.body).status == 200)
        let refused = await server.call(.POST, "/api/v1/send-otp", key: server.live, body: Self.body)
        #expect(refused.status == 429 && refused.code == "SENDING_PAUSED")
        #expect(!refused.text.contains("prefix") && !refused.text.contains("+49"))
        let status = await server.call(.GET, "/v1/guard", key: server.operatorKey)
        #expect(status.text.contains(#""name":"+491511234""#) && status.text.contains(#""mode":"enforce""#))
        let wish = #"{"kind":"prefix","name":"+491511234"}"#
        #expect(await server.call(.POST, "/v1/guard/lift", key: server.operatorKey, body: wish).status == 200)
        #expect(await server.call(.POST, "/v1/guard/lift", key: server.operatorKey, body: wish).status == 404)
        #expect(await server.call(.POST, "/api/v1/send-otp", key: server.live, body: Self.body).status == 200)
    }

    @Test("Prometheus counts messages by channel and by what the guard said")
    func metrics() async throws {
        let server = try await TestServer()
        _ = await server.call(.POST, "/api/v1/send-otp", key: server.live, body: Self.body)
        let text = await server.call(.GET, "/metrics", key: server.operatorKey).text
        #expect(text.contains(#"countersign_passcodes_total{channel="sms",state="accepted"} 1"#))
        #expect(text.contains(#"countersign_guard_sends_total{ruling="passed"} 1"#))
    }
}
