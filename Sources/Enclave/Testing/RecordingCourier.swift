import EnclaveLink

/// Hands each delivery to a test instead of a provider.
struct RecordingCourier: CodeDelivering {
    let deliver: InProcessEnclave.Delivering

    func deliver(_ delivery: CodeDelivery, completion: @escaping @Sendable (DeliveryOutcome) -> Void) {
        let delivered = DeliveredCode(
            workspace: delivery.workspace, challenge: delivery.challenge, contact: delivery.contact,
            channel: delivery.channel, provider: delivery.provider, code: delivery.code.text,
            wording: delivery.wording, timeLimit: delivery.timeLimit)
        Task { completion(await deliver(delivered)) }
    }
}
