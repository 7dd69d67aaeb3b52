import Crypto
import EnclaveLink
import Foundation
import Testing

@testable import Enclave

/// A sender, with what it takes to give it messages.
struct WebhookBench: Sendable {
    let sender: WebhookSender

    /// The key that messages are signed with, as a receiver has it.
    static let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

    init(host: any DescriptorRequesting) throws {
        Courier.warmUp()
        sender = try WebhookSender(
            settings: WebhookSettings(certificateAuthorities: try TestCertificates.shared.get().authority()),
            descriptors: host)
    }

    func deliver(
        to port: UInt16, path: String = "/hooks?a=b", host: String = "localhost", body: String = "{\"a\":\"é\"}",
        message: String = "msg_1", within milliseconds: Int = 10_000
    ) async throws -> WebhookOutcome {
        let request = DeliverWebhook(
            workspace: "ws_1", endpoint: "we_1", secrets: [], url: "https://\(host):\(port)\(path)", message: message,
            timestamp: Int64(Date().timeIntervalSince1970), body: body, deadline: milliseconds)
        let address = try #require(HTTPSAddress(request.url))
        let webhook = SignedWebhook(
            request, to: address, keys: [SymmetricKey(data: Array("0123456789abcdef0123456789abcdef".utf8))])
        return await withCheckedContinuation { continuation in
            sender.deliver(webhook, deadline: .now + .milliseconds(milliseconds)) { outcome in
                UnfilteredThread.run { continuation.resume(returning: outcome) }
            }
        }
    }
}
