import EnclaveLink
import Foundation
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct WebhookSandboxTests {
        @Test("webhooks leave from a thread that may neither open a file nor make a socket")
        func filteredThread() async throws {
            let server = try WebhookServer(["--drop-after", "2"])
            let host = try LoopbackHost(onOpen: { _ = FileAndSocketFilter.close() })
            let bench = try WebhookBench(host: host)
            for _ in 1...6 { #expect(try await bench.deliver(to: server.port) == .answered(status: 204)) }
        }

        @Test("the closed enclave signs and delivers, to private addresses only where its settings say so")
        func closedEnclave() async throws {
            let built = try BuiltEnclave()
            let supervisor = try built.supervisor()
            let server = try WebhookServer()
            try Data(try TestCertificates.shared.get().authority())
                .write(to: URL(filePath: "\(built.dataDirectory)/ca.pem"))
            try Data("webhooks: {private_hosts: [localhost], ca_file: ca.pem}\n".utf8)
                .write(to: URL(filePath: "\(built.dataDirectory)/enclave.yaml"))
            try await supervisor.start { _, _ in }
            #expect(supervisor.greeting?.isolation.systemCallFilter == true)

            let secret = try await supervisor.call(MakeWebhookSecret(workspace: "ws_1", endpoint: "we_1"))
            func deliver(_ host: String) async throws -> WebhookOutcome {
                try await supervisor.call(
                    DeliverWebhook(
                        workspace: "ws_1", endpoint: "we_1", secrets: [secret.sealed],
                        url: "https://\(host):\(server.port)/", message: "msg_1", timestamp: 1_800_000_000, body: "{}",
                        deadline: 5000))
            }
            for _ in 1...4 { #expect(try await deliver("localhost") == .answered(status: 204)) }
            for host in ["127.0.0.1", "127.1", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"] {
                #expect(try await deliver(host) == .failed(.addressRefused), "\(host)")
            }
            #expect(try await deliver("no-such-name.invalid") == .failed(.unreachable))
            await supervisor.stop()
            #expect(try server.end().count == 4)
        }
    }
}
