import Crypto
import EnclaveLink

/// Webhooks: their secrets, and their delivery.
extension EnclaveCore {
    func deliverWebhook(_ exchange: Exchange) {
        do throws(EnclaveError) {
            let request = try exchange.request(DeliverWebhook.self)
            guard let reach = parts.webhooks.reach else {
                return exchange.succeed(WebhookOutcome.failed(.notConfigured))
            }
            let address = try address(checking: request)
            guard reach.includes(address.destination.host) else {
                return exchange.succeed(WebhookOutcome.failed(.hostNotAllowed))
            }
            let webhook = SignedWebhook(request, to: address, keys: try keys(of: request))
            parts.webhooks.deliver(webhook, deadline: .now + .milliseconds(request.deadline)) {
                [exchange = exchange.wayBack] outcome in
                exchange.succeed(outcome)
                exchange.answers.flush()
            }
        } catch {
            exchange.fail(error)
        }
    }

    private func address(checking request: DeliverWebhook) throws(EnclaveError) -> HTTPSAddress {
        guard let address = HTTPSAddress(request.url), DeliverWebhook.deadlines.contains(request.deadline),
            request.timestamp >= 0, 1...100 ~= request.message.utf8.count,
            // A dot would let what is signed be read in two ways.
            request.message.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ".") })
        else { throw EnclaveError(.requestRefused) }
        return address
    }

    private func keys(of request: DeliverWebhook) throws(EnclaveError) -> [SymmetricKey] {
        guard !request.secrets.isEmpty else { throw EnclaveError(.requestRefused) }
        var keys: [SymmetricKey] = []
        for secret in request.secrets {
            keys.append(try webhookSecrets.open(secret, workspace: request.workspace, endpoint: request.endpoint))
        }
        return keys
    }
}
