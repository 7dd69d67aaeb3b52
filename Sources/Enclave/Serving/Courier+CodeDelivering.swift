import EnclaveLink
import Messages

extension Courier: CodeDelivering {
    func deliver(_ delivery: CodeDelivery, completion: @escaping @Sendable (DeliveryOutcome) -> Void) {
        do throws(CustomizationError) {
            let message = OutgoingMessage(
                contact: delivery.contact, channel: delivery.channel, provider: delivery.provider,
                code: DeliverableCode(delivery.code.text), wording: delivery.wording,
                style: try rules.style(delivery.wording.customization),
                template: try delivery.template(), binding: try delivery.members(),
                challenge: delivery.challenge)
            // A message with a hole where the transaction should be is not sent.
            guard message.writer.missingBindingNames.isEmpty else { throw .malformed }
            deliver(message, deadline: .now + .milliseconds(delivery.timeLimit), completion: completion)
        } catch {
            completion(.failed(error.reason, by: delivery.provider))
        }
    }
}

extension CodeDelivery {
    /// The workspace's own text, checked as it was when it was saved.
    fileprivate func template() throws(CustomizationError) -> MessageTemplate? {
        guard let own = wording.template else { return nil }
        do {
            return try MessageTemplate(channel.messageKind, subject: own.subject, text: own.text)
        } catch {
            throw .malformed
        }
    }

    fileprivate func members() throws(CustomizationError) -> [BindingMember] {
        guard let binding else { return [] }
        guard let members = BindingMember.members(of: binding) else { throw .malformed }
        return members
    }
}
