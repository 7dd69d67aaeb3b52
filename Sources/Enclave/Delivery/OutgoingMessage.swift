import EnclaveLink
import Messages

/// One message to one person: everything that ``Courier`` needs to render and deliver it.
struct OutgoingMessage: Sendable {
    /// Whom it goes to, as sealed in the challenge.
    let contact: ContactAddress
    let channel: Channel
    /// The name of whoever brings it.
    let provider: String
    let code: DeliverableCode
    let wording: MessageWording
    /// What the caller changed, already checked. The unchecked `customization` of the wording is not looked at.
    var style = MessageStyle()
    /// The workspace's own text, already checked. The unchecked `template` of the wording is not looked at.
    var template: MessageTemplate?
    /// The transaction that the code confirms, as sealed in the challenge.
    var binding: [BindingMember] = []
    /// The challenge's identifier. With the time of rendering it makes the Message-ID unique, resends included.
    let challenge: String
}
