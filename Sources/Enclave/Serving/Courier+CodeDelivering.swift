import EnclaveLink

extension Courier: CodeDelivering {
    func deliver(_ delivery: CodeDelivery, completion: @escaping @Sendable (DeliveryOutcome) -> Void) {
        let message = OutgoingMessage(
            contact: delivery.contact, channel: delivery.channel, code: DeliverableCode(delivery.code.text),
            wording: delivery.wording, challenge: delivery.challenge)
        deliver(message, deadline: .now + .milliseconds(delivery.timeLimit), completion: completion)
    }
}
