import EnclaveLink

extension Courier: CodeDelivering {
    func deliver(_ delivery: CodeDelivery, completion: @escaping @Sendable (DeliveryOutcome) -> Void) {
        do throws(CustomizationError) {
            let message = OutgoingMessage(
                contact: delivery.contact, channel: delivery.channel, provider: delivery.provider,
                code: DeliverableCode(delivery.code.text), wording: delivery.wording,
                style: try rules.style(delivery.wording.customization),
                challenge: delivery.challenge)
            deliver(message, deadline: .now + .milliseconds(delivery.timeLimit), completion: completion)
        } catch {
            completion(.failed(error.reason, by: delivery.provider))
        }
    }
}
