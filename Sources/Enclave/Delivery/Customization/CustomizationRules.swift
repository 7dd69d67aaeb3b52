import EnclaveLink

/// What a caller may change about a message. The host has its own rules about that; these hold against a host that
/// lies, which must neither have a code carried anywhere but to the person nor write a header of its own.
///
/// Every part is checked, also one that the message's channel has no place for.
struct CustomizationRules: Sendable {
    /// Where links may lead.
    let links: [LinkPrefix]
    /// Who sends where the caller names nobody.
    let sender: MailSender
    /// Whom mail may be from and whom replies may go to.
    let addresses: AllowedAddresses

    func style(_ customization: MessageCustomization?) throws(CustomizationError) -> MessageStyle {
        guard let customization else { return MessageStyle() }
        var style = MessageStyle()
        style.text = try Self.checked(customization.text, ShortTemplate.init)
        style.logo = try Self.checked(customization.logo, HTTPSAddress.init)
        if let link = customization.link { style.link = try LinkTemplate(link, under: links) }
        style.sender = try sender(customization)
        style.replyTo = try customization.replyTo.map(address)
        return style
    }

    private func sender(_ customization: MessageCustomization) throws(CustomizationError) -> MailSender? {
        guard customization.senderAddress != nil || customization.senderName != nil else { return nil }
        let address = try customization.senderAddress.map(address) ?? sender.address
        let name = customization.senderName
        // A name that would be shown otherwise than it is given is no name to take.
        guard name.map({ !$0.isEmpty && ApplicationName($0).value == $0 }) ?? true,
            let sender = MailSender(name: name ?? sender.name, address: address)
        else { throw .malformed }
        return sender
    }

    private func address(_ text: String) throws(CustomizationError) -> String {
        guard MailAddress.isDeliverable(text) else { throw .malformed }
        guard addresses.contain(text) else { throw .addressNotAllowed }
        return text
    }

    private static func checked<Part>(
        _ text: String?, _ check: (String) -> Part?
    ) throws(CustomizationError) -> Part? {
        guard let text else { return nil }
        guard let part = check(text) else { throw .malformed }
        return part
    }
}
