import Crypto
import EnclaveLink
import Fixtures
import Foundation
import Testing

@testable import Enclave

@Suite("signatures of webhooks")
struct SignedWebhookTests {
    private static func request(secrets: [SealedWebhookSecret] = [], endpoint: String = "we_1") -> DeliverWebhook {
        DeliverWebhook(
            workspace: "ws_1", endpoint: endpoint, secrets: secrets, url: "https://hooks.example.com/a",
            message: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: "{\"test\": 2432232314}",
            deadline: 1000)
    }

    @Test("are those of the specification's example")
    func example() throws {
        let key = try #require(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let address = try #require(HTTPSAddress("https://hooks.example.com/a"))
        let webhook = SignedWebhook(Self.request(), to: address, keys: [SymmetricKey(data: key)])
        #expect(webhook.signatures == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("are made with each secret in force, newest first")
    func rotation() async throws {
        let receivers = WebhookReceivers()
        let enclave = try receivers.enclave()
        let made = [try await enclave.makeSecret(), try await enclave.makeSecret()]
        #expect(made[0].secret != made[1].secret)
        let outcome = try await enclave.call(Self.request(secrets: made.map(\.sealed)))
        #expect(outcome == .answered(status: 204))
        let message = try #require(receivers.received.first)
        #expect(message.signatures == made.map { message.signature(by: $0.secret) }.joined(separator: " "))
    }

    @Test("are not made with another endpoint's secret, none, or too many")
    func foreign() async throws {
        let receivers = WebhookReceivers()
        let enclave = try receivers.enclave()
        let secret = try await enclave.makeSecret().sealed
        await #expect(throws: EnclaveError(.sealRefused)) {
            try await enclave.call(Self.request(secrets: [secret], endpoint: "we_2"))
        }
        for secrets in [[], Array(repeating: secret, count: DeliverWebhook.secretLimit + 1)] {
            await #expect(throws: EnclaveError(.requestRefused)) {
                try await enclave.call(Self.request(secrets: secrets))
            }
        }
        #expect(receivers.received.isEmpty)
    }

    @Test(
        "are not made for what is no message, or goes to no https address",
        arguments: [
            { $0.message = "" }, { $0.message = "msg.1" }, { $0.message = "msg 1" }, { $0.message = "msg\r\n" },
            { $0.message = String(repeating: "a", count: 101) }, { $0.timestamp = -1 }, { $0.deadline = 0 },
            { $0.deadline = 60_001 }, { $0.url = "http://hooks.example.com/" }, { $0.url = "hooks.example.com" },
        ] as [@Sendable (inout DeliverWebhook) -> Void])
    func malformed(_ change: @Sendable (inout DeliverWebhook) -> Void) async throws {
        let receivers = WebhookReceivers()
        let enclave = try receivers.enclave()
        var request = Self.request(secrets: [try await enclave.makeSecret().sealed])
        change(&request)
        await #expect(throws: EnclaveError(.requestRefused)) { try await enclave.call(request) }
        #expect(receivers.received.isEmpty)
    }

    @Test("are not made for a host that the settings leave out")
    func narrowed() async throws {
        let receivers = WebhookReceivers()
        let enclave = try receivers.enclave(reach: WebhookReach(hosts: []))
        let secret = try await enclave.makeSecret().sealed
        #expect(try await enclave.call(Self.request(secrets: [secret])) == .failed(.hostNotAllowed))
        let without = try receivers.enclave(reach: nil)
        #expect(try await without.call(Self.request(secrets: [secret])) == .failed(.notConfigured))
        #expect(receivers.received.isEmpty)
    }

    @Test("come from a secret of 32 bytes that prints as nothing")
    func secret() async throws {
        let made = try await WebhookReceivers().enclave().makeSecret()
        #expect(made.secret.value.hasPrefix("whsec_"))
        #expect(Data(base64Encoded: String(made.secret.value.dropFirst(6)))?.count == 32)
        var dumped = ""
        dump(made, to: &dumped)
        #expect(!"\(made)\(String(reflecting: made))\(dumped)".contains(made.secret.value.dropFirst(6)))
    }
}

extension WebhookReceivers {
    fileprivate func enclave(reach: WebhookReach? = WebhookReach()) throws -> InProcessEnclave {
        try InProcessEnclave(webhookReach: reach, deliverWebhook: { await self.receive($0) })
    }
}

extension InProcessEnclave {
    fileprivate func makeSecret() async throws -> MadeWebhookSecret {
        try await call(MakeWebhookSecret(workspace: "ws_1", endpoint: "we_1"))
    }
}
