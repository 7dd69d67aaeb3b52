import EnclaveLink
import Testing

@testable import Enclave

extension DeliveryTests {
    /// What is no clear answer is `unavailable`, whatever is in it.
    @Suite struct CaptchaOutageTests {
        /// What a deadline may be missed by on a busy machine.
        private let slack = Duration.milliseconds(800)

        private func verifier(_ server: CaptchaServer, connections: Int = 1) throws -> CaptchaVerifier {
            try .example(.example(port: server.port, connections: connections), host: LoopbackHost())
        }

        @Test(
            "an answer under a status of failure does not count, though it says success",
            arguments: [201, 204, 301, 400, 404, 500, 503])
        func status(_ status: Int) async throws {
            let server = try CaptchaServer(["--status", "\(status)"])
            #expect(await (try verifier(server)).verify() == .unavailable)
        }

        @Test(
            "an answer that is cut, endless, no JSON, no verdict or no HTTP does not count",
            arguments: ["cut", "cut-chunked", "huge", "headers", "not-json", "no-verdict", "no-http"])
        func faults(_ fault: String) async throws {
            let server = try CaptchaServer(["--fault", fault])
            let start = ContinuousClock.now
            #expect(await (try verifier(server)).verify(within: 20_000) == .unavailable)
            #expect(.now - start < .seconds(10), "it was the answer that was refused, not the time that ran out")
        }

        @Test("a redirect is not followed", arguments: ["redirect-http", "redirect-https"])
        func redirects(_ fault: String) async throws {
            let server = try CaptchaServer(["--fault", fault])
            #expect(await (try verifier(server)).verify() == .unavailable)
            #expect(try server.end().map(\.path) == ["/turnstile/v0/siteverify"])
        }

        @Test("a provider that hangs or drips costs no more than the deadline", arguments: ["hang", "drip"])
        func slow(_ fault: String) async throws {
            let server = try CaptchaServer(["--fault", fault])
            let verifier = try verifier(server)
            let start = ContinuousClock.now
            #expect(await verifier.verify(within: 700) == .unavailable)
            #expect(.now - start < .milliseconds(700) + slack)
        }

        @Test("a certificate for another name, or from another authority, gets no secret", arguments: [false, true])
        func certificate(_ isForAnotherName: Bool) async throws {
            let server = try CaptchaServer(certificate: isForAnotherName ? .wrongName : .other)
            #expect(await (try verifier(server)).verify() == .unavailable)
            #expect(try server.end().isEmpty)
        }

        @Test("neither plain HTTP nor TLS older than 1.2 gets a secret", arguments: ["--plain", "--old-tls"])
        func encryption(_ option: String) async throws {
            let server = try CaptchaServer([option])
            #expect(await (try verifier(server)).verify() == .unavailable)
            #expect(try server.end().isEmpty)
        }

        @Test(
            "without a stream from the host there is no answer",
            arguments: [DescriptorError.refused, .unreachable, .hostUnavailable, .timedOut])
        func noStream(_ refusal: DescriptorError) async throws {
            let verifier = try CaptchaVerifier.example(.example(port: 1), host: LoopbackHost(refusal: refusal))
            #expect(await verifier.verify() == .unavailable)
        }

        @Test("questions go over one kept connection, and over a new one where the provider dropped it")
        func keptConnection() async throws {
            let server = try CaptchaServer(["--drop-after", "3"])
            let host = try LoopbackHost()
            let verifier = try CaptchaVerifier.example(.example(port: server.port), host: host)
            for number in 1...12 { #expect(await verifier.verify("solved-\(number)") == .passed) }
            #expect(host.streams == 4)
        }

        @Test("after an answer that was given up the next one counts")
        func recovery() async throws {
            let server = try CaptchaServer()
            let verifier = try verifier(server)
            #expect(await verifier.verify("solved-1", within: 1) == .unavailable)
            #expect(await verifier.verify("solved-2") == .passed)
        }

        @Test("a full queue answers at once, and everyone gets an answer")
        func fullQueue() async throws {
            let server = try CaptchaServer(["--fault", "hang"])
            let verifier = try CaptchaVerifier.example(
                .example(port: server.port), host: LoopbackHost(), queueCapacity: 4)
            async let first = verifier.verify(within: 1000)
            _ = try await server.nextRequest()

            let start = ContinuousClock.now
            let atOnce = await withTaskGroup(of: Duration.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        #expect(await verifier.verify(within: 1000) == .unavailable)
                        return .now - start
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 < .milliseconds(500) ? 1 : 0 }
            }
            #expect(atOnce == 6)
            #expect(await first == .unavailable)
        }
    }
}
