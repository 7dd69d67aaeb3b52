import EnclaveLink
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct WebhookSenderTests {
        @Test("a message arrives whole, with a signature that its receiver can check")
        func arrives() async throws {
            let server = try WebhookServer(["--secret", WebhookBench.secret])
            #expect(try await WebhookBench(host: LoopbackHost()).deliver(to: server.port) == .answered(status: 204))
            let message = try #require(try server.end().first)
            #expect(message.path == "/hooks?a=b" && message.type == "application/json")
            #expect(message.id == "msg_1" && message.body == "{\"a\":\"é\"}")
            #expect(message.signatures == 1 && message.proven == [0])
        }

        @Test("the receiver's status is what counts", arguments: [200, 202, 400, 410, 429, 500, 503])
        func statuses(_ status: Int) async throws {
            let server = try WebhookServer(["--answer", "\(status)"])
            let outcome = try await WebhookBench(host: LoopbackHost()).deliver(to: server.port)
            #expect(outcome == .answered(status: status))
        }

        @Test("a redirect is an answer, and is not followed", arguments: ["redirect-http", "redirect-https"])
        func redirects(_ fault: String) async throws {
            let server = try WebhookServer(["--fault", fault])
            let outcome = try await WebhookBench(host: LoopbackHost()).deliver(to: server.port)
            #expect(outcome == .answered(status: 307))
            #expect(try server.end().map(\.path) == ["/hooks?a=b"])
        }

        @Test(
            "once the head is there, a body that is endless, slow or cut changes nothing",
            arguments: ["huge", "drip", "cut", "cut-chunked"])
        func bodies(_ fault: String) async throws {
            let server = try WebhookServer(["--fault", fault])
            let outcome = try await WebhookBench(host: LoopbackHost()).deliver(to: server.port, within: 1500)
            #expect(outcome == .answered(status: 200))
        }

        @Test(
            "each way to fail has its own name",
            arguments: [
                (["--fault", "hang"], WebhookFailure.timedOut), (["--fault", "headers"], .protocolBroken),
                (["--fault", "no-http"], .protocolBroken), (["--plain"], .protocolBroken),
                (["--old-tls"], .protocolBroken),
            ])
        func failures(_ options: [String], _ failure: WebhookFailure) async throws {
            let server = try WebhookServer(options)
            let milliseconds = failure == .timedOut ? 700 : 20_000
            let outcome = try await WebhookBench(host: LoopbackHost()).deliver(to: server.port, within: milliseconds)
            #expect(outcome == .failed(failure))
        }

        @Test("a wrong certificate gets no message", arguments: [TestCertificates.Server.wrongName, .other])
        func certificate(_ certificate: TestCertificates.Server) async throws {
            let server = try WebhookServer(certificate: certificate)
            let outcome = try await WebhookBench(host: LoopbackHost()).deliver(to: server.port)
            #expect(outcome == .failed(.certificateRefused))
            #expect(try server.end().isEmpty)
        }

        @Test(
            "what the host does not open has its name, too",
            arguments: [
                (DescriptorError.refused, WebhookFailure.addressRefused), (.unreachable, .unreachable),
                (.hostUnavailable, .unreachable), (.timedOut, .timedOut),
            ])
        func noStream(_ refusal: DescriptorError, _ failure: WebhookFailure) async throws {
            let bench = try WebhookBench(host: LoopbackHost(refusal: refusal))
            #expect(try await bench.deliver(to: 1) == .failed(failure))
        }

        @Test("receivers at different places each get their own messages, whatever connection was kept")
        func places() async throws {
            let servers = [try WebhookServer(), try WebhookServer()]
            let bench = try WebhookBench(host: LoopbackHost())
            for number in 0..<8 {
                let host = number < 4 ? "localhost" : "127.0.0.1"
                let outcome = try await bench.deliver(
                    to: servers[number % 2].port, host: host, message: "msg_\(number)")
                #expect(outcome == .answered(status: 204))
            }
            for (position, server) in servers.enumerated() {
                #expect(try server.end().map(\.id) == [0, 2, 4, 6].map { "msg_\($0 + position)" })
            }
        }

        @Test("receivers that hang hold up no other, as long as there are fewer than connections")
        func slowReceivers() async throws {
            let slow = try WebhookServer(["--fault", "hang"])
            let quick = try WebhookServer()
            let bench = try WebhookBench(host: LoopbackHost())
            try await withThrowingTaskGroup(of: WebhookOutcome.self) { group in
                for _ in 1..<DeliverWebhook.parallel {
                    group.addTask { try await bench.deliver(to: slow.port, within: 60_000) }
                }
                for _ in 1..<DeliverWebhook.parallel { _ = try await slow.nextMessage() }
                #expect(try await bench.deliver(to: quick.port) == .answered(status: 204))
                // Only the end of the server ends them, so all of them hung until here.
                _ = try slow.end()
                for try await outcome in group { #expect(outcome == .failed(.unreachable)) }
            }
        }
    }
}
