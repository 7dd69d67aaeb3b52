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
        #expect(text.contains(#"countersign_country_passcodes_total{country="DE",state="accepted"} 1"#))
        #expect(text.contains(#"countersign_provider_passcodes_total{provider="inbox",state="sent"} 1"#))
        #expect(text.contains(#"countersign_guard_sends_total{ruling="passed"} 1"#))
        #expect(!text.contains("+491511234"))
    }

    @Test("Prometheus is told how long codes took, and of prefixes those that are stopped")
    func stoppedPrefixes() async throws {
        let server = try await TestServer {
            $0.cooldownSeconds = 0
            $0.guardPrefixBudget = 1
        }
        for _ in 0..<2 { _ = await server.call(.POST, "/api/v1/send-otp", key: server.live, body: Self.body) }
        let code = try #require(server.installation.mail.codes.last)
        let attempt = #"{"phone_number":"+4915112345678","code":"\#(code)"}"#
        #expect(await server.call(.POST, "/api/v1/verify-otp", key: server.live, body: attempt).status == 200)
        let text = await server.call(.GET, "/metrics", key: server.operatorKey).text
        #expect(text.contains(#"countersign_passcode_verification_seconds_bucket{channel="sms",le="5.0"} 1"#))
        #expect(text.contains(#"countersign_passcode_verification_seconds_count{channel="sms"} 1"#))
        #expect(text.contains(#"countersign_guard_stop_refused{kind="prefix",range="+491511234"} 1"#))
        let codes = #"countersign_guard_stop_codes{kind="prefix",range="+491511234",state="#
        #expect(text.contains(codes + #""unverified"} 0"#) && text.contains(codes + #""verified"} 1"#))
    }

    @Test("a back end names the address of the person for whom it asks, of which the network alone is kept")
    func clientAddress() async throws {
        let server = try await TestServer {
            $0.cooldownSeconds = 0
            $0.guardMode = .enforce
            $0.guardNetworkBudget = 2
            $0.guardPrefixBudget = 0
        }
        func send(_ fields: String, to path: String = "/api/v1/send-otp") async -> Int {
            await server.call(.POST, path, key: server.live, body: "{\(fields)}").status
        }
        let (edge, own) = (#""to":"+4915112345678","app":"Shop""#, #""contact":"+4915112345679""#)
        for address in ["192.0.2", "192.0.2.7/24", "999.0.2.1", "host", "fe80::1%eth0", ""] {
            #expect(await send(edge + #","client_ip":"\#(address)""#) == 400, "\(address)")
            #expect(await send(own + #","client_ip":"\#(address)""#, to: "/v1/challenges") == 422, "\(address)")
        }
        #expect(await send(edge + #","client_ip":7"#) == 400)
        #expect(await send(edge + #","client_ip":"192.0.2.7""#) == 200)
        #expect(await send(own + #","client_ip":"::ffff:192.0.2.9""#, to: "/v1/challenges") == 201)
        #expect(await send(edge + #","client_ip":"192.0.2.200""#) == 429)
        #expect(await send(edge + #","client_ip":"2001:db8:0:1::7""#) == 200)
        #expect(await send(edge) == 200)
        let traits = try await server.installation.database.read { transaction in
            try transaction.rows("SELECT traits FROM challenge", []).map { try $0.text(0) }.joined(separator: " ")
        }
        #expect(traits.contains("192.0.2.0/24") && !traits.contains("192.0.2.7") && !traits.contains("192.0.2.9"))
    }
}
