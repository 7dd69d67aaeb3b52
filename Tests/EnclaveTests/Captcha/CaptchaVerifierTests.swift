import EnclaveLink
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct CaptchaVerifierTests {
        /// The outcome of one question to a server with these options.
        private func outcome(
            _ arguments: [String] = [], token: String = "solved", hostnames: Set<String> = ["app.example.com"]
        ) async throws -> CaptchaOutcome {
            let server = try CaptchaServer(arguments)
            let settings = try CaptchaSettings.example(port: server.port, hostnames: hostnames)
            let outcome = await (try CaptchaVerifier.example(settings, host: LoopbackHost())).verify(token)
            withExtendedLifetime(server) {}
            return outcome
        }

        @Test("a solved captcha passes, and the provider gets exactly what it asks for")
        func passes() async throws {
            let server = try CaptchaServer()
            let verifier = try CaptchaVerifier.example(try .example(port: server.port), host: LoopbackHost())

            #expect(await verifier.verify("solved+&=%", address: "2001:db8::1") == .passed)
            let request = try await server.nextRequest()
            #expect(request.path == "/turnstile/v0/siteverify")
            #expect(request.type == "application/x-www-form-urlencoded")
            let fields = try #require(request.fields)
            #expect(Set(fields.keys) == ["secret", "response", "remoteip", "idempotency_key"])
            #expect(fields["secret"] == CaptchaServer.secret)
            #expect(fields["response"] == "solved+&=%")
            #expect(fields["remoteip"] == "2001:db8::1")
            let uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
            #expect(try #require(fields["idempotency_key"]).wholeMatch(of: uuid) != nil)
        }

        @Test("an address that is none is not passed on", arguments: [nil, "", "203.0.113.7, 198.51.100.1", "unknown"])
        func addresses(_ address: String?) async throws {
            let server = try CaptchaServer()
            let verifier = try CaptchaVerifier.example(try .example(port: server.port), host: LoopbackHost())
            #expect(await verifier.verify(address: address) == .passed)
            #expect(try await server.nextRequest().fields?["remoteip"] == nil)
        }

        @Test("a captcha that was not solved is refused")
        func refused() async throws {
            #expect(try await outcome(token: "guessed") == .refused)
        }

        @Test("a token counts once")
        func replayed() async throws {
            let server = try CaptchaServer()
            let verifier = try CaptchaVerifier.example(try .example(port: server.port), host: LoopbackHost())
            #expect(await verifier.verify("solved-1") == .passed)
            #expect(await verifier.verify("solved-1") == .refused)
            #expect(await verifier.verify("solved-2") == .passed)
        }

        @Test("of many who present one token at the same time, one passes")
        func race() async throws {
            let server = try CaptchaServer()
            let verifier = try CaptchaVerifier.example(
                try .example(port: server.port, connections: 4), host: LoopbackHost())
            let passed = await withTaskGroup(of: CaptchaOutcome.self) { group in
                for _ in 0..<12 { group.addTask { await verifier.verify() } }
                return await group.reduce(into: 0) { $0 += $1 == .passed ? 1 : 0 }
            }
            #expect(passed == 1)
        }

        @Test("a captcha solved on another site is refused, and one that does not say where")
        func hostnames() async throws {
            #expect(try await outcome(["--hostname", "app.example.com.evil.example"]) == .refused)
            #expect(try await outcome(["--hostname", ""]) == .refused)
            #expect(try await outcome(["--answer", #"{"success": true}"#]) == .refused)
            #expect(try await outcome(["--hostname", "App.Example.COM"]) == .passed)
            #expect(try await outcome(["--hostname", "anywhere.example"], hostnames: []) == .passed)
        }

        @Test("a workspace without a captcha of its own has none, and nobody is asked")
        func unknownWorkspace() async throws {
            let host = try LoopbackHost()
            let verifier = try CaptchaVerifier.example(try .example(port: 1), host: host)
            #expect(await verifier.verify(workspace: "ws_2") == .notConfigured)
            #expect(host.streams == 0)
        }

        @Test(
            "what no widget gives out is refused, and the provider never sees it",
            arguments: [
                "", "solved token", "solved\r\n", "solvèd", "solved\u{7F}", String(repeating: "s", count: 2049),
            ])
        func malformed(_ token: String) async throws {
            let host = try LoopbackHost()
            let verifier = try CaptchaVerifier.example(try .example(port: 1), host: host)
            #expect(await verifier.verify(token) == .refused)
            #expect(host.streams == 0)
        }

        @Test("a token of the greatest length is asked about whole")
        func longest() async throws {
            #expect(try await outcome(token: "solved" + String(repeating: "%", count: 2042)) == .passed)
        }

        @Test(
            "a fault of the settings or of the provider says nothing about the visitor",
            arguments: [
                "missing-input-secret", "invalid-input-secret", "internal-error",
                "internal-error\", \"invalid-input-secret",
            ])
        func faults(_ codes: String) async throws {
            let answer = "{\"success\": false, \"error-codes\": [\"\(codes)\"]}"
            #expect(try await outcome(["--answer", answer]) == .unavailable)
        }

        @Test(
            "what a visitor could bring about never looks like an outage",
            arguments: [
                (400, #"{"success": false, "error-codes": ["bad-request"]}"#),
                (200, #"{"success": false, "error-codes": ["internal-error", "invalid-input-response"]}"#),
                (403, #"{"success": false, "error-codes": ["a-new-code"]}"#), (200, #"{"success": false}"#),
                (200, #"{"success": false, "error-codes": [7]}"#),
            ])
        func refusals(_ status: Int, _ answer: String) async throws {
            #expect(try await outcome(["--status", "\(status)", "--answer", answer]) == .refused)
        }
    }
}
