import Crypto
import EnclaveLink

/// Makes and opens the secrets that webhooks are signed with.
struct WebhookSecrets: Sendable {
    private static let length = 32

    let sealer: VersionedSealer

    /// - Throws: `requestRefused` if the cipher fails, which it does for no input of ours.
    func make(_ request: MakeWebhookSecret) throws(EnclaveError) -> MadeWebhookSecret {
        let secret = sealer.randomness.bytes(Self.length)
        let place = SealedPlace.webhookSecret(workspace: request.workspace, endpoint: request.endpoint)
        return MadeWebhookSecret(
            sealed: SealedWebhookSecret(try sealer.seal(secret, for: place)),
            secret: WebhookSecretText("whsec_" + PlainBase64.encode(secret)))
    }

    /// - Throws: `sealRefused` if the secret was made for another endpoint.
    func open(
        _ sealed: SealedWebhookSecret, workspace: String, endpoint: String
    ) throws(EnclaveError) -> SymmetricKey {
        SymmetricKey(
            data: try sealer.open(sealed.bytes, for: .webhookSecret(workspace: workspace, endpoint: endpoint)))
    }
}
