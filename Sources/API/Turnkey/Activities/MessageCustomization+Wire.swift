import EnclaveLink
import JOSE
import Passcodes
import Workspaces

extension MessageCustomization {
    /// What a back end wants changed about one message; nil where nothing is. What does not fit the channel is not read.
    /// The enclave checks every part once more.
    init?(_ fields: WireObject, channel: Channel, settings: WorkspaceSettings) throws(TurnkeyError) {
        self.init()
        if channel == .email {
            try takeMail(fields)
            try takeAddresses(fields, allowed: settings.allowedSenders)
        } else if let sms = try fields.optionalObject("smsCustomization") {
            text = try Self.template(sms)
        }
        guard self != MessageCustomization() else { return nil }
    }

    private static func template(_ sms: WireObject) throws(TurnkeyError) -> String? {
        guard let template = try sms.optionalText("template", lengths: 1...1024) else { return nil }
        guard template.split(separator: codePlaceholder, omittingEmptySubsequences: false).count == 2 else {
            throw .invalid(sms.name("template"), "must contain \(codePlaceholder) once")
        }
        return template
    }

    private mutating func takeMail(_ fields: WireObject) throws(TurnkeyError) {
        guard let mail = try fields.optionalObject("emailCustomization") else { return }
        try mail.checkTemplate()
        logo = try mail.optionalText("logoUrl", lengths: 1...2048)
        if let logo, !logo.hasPrefix("https://") { throw .invalid(mail.name("logoUrl"), "must begin with https://") }
        link = try mail.optionalText("magicLinkTemplate", lengths: 1...2048)
        if let link, !link.contains("%s") { throw .invalid(mail.name("magicLinkTemplate"), "must contain %s") }
        guard let variables = try mail.optionalText("templateVariables", lengths: 1...8192) else { return }
        guard (try? JSONValue(parsing: Array(variables.utf8)))?.members != nil else {
            throw .invalid(mail.name("templateVariables"), "must be a JSON object in a string")
        }
    }

    private mutating func takeAddresses(_ fields: WireObject, allowed: [String]) throws(TurnkeyError) {
        func address(_ member: String) throws(TurnkeyError) -> String? {
            guard let address = try fields.optionalText(member, lengths: 1...254) else { return nil }
            guard let listed = allowed.first(where: { $0.lowercased() == address.lowercased() }) else {
                throw TurnkeyError(
                    .permissionDenied, .senderNotAllowed,
                    "\(fields.name(member)) is not among the organization's allowed senders")
            }
            return listed
        }
        senderAddress = try address("sendFromEmailAddress")
        replyTo = try address("replyToEmailAddress")
        guard let name = try fields.optionalText("sendFromEmailSenderName") else { return }
        guard ApplicationName(name) != nil else {
            throw .invalid(fields.name("sendFromEmailSenderName"), "must have 1 to 64 visible characters")
        }
        senderName = name
    }
}

extension WireObject {
    /// Checks a mail's `templateId`: there is one template, and it may be named.
    func checkTemplate() throws(TurnkeyError) {
        guard let template = try optionalText("templateId", lengths: 1...256), template != "default" else { return }
        throw TurnkeyError(
            .invalidArgument, .templateUnknown, "\(name("templateId")) must be absent or \"default\"")
    }
}
