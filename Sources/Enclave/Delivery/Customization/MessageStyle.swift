import EnclaveLink

/// What a caller changed about one message, as the rules let it through: only this reaches a template.
struct MessageStyle: Equatable, Sendable {
    /// Nil for the built-in text of a short message.
    var text: ShortTemplate?
    /// A picture at the head of a mail.
    var logo: HTTPSAddress?
    /// A link in a mail that carries the code.
    var link: LinkTemplate?
    /// Nil for the sender of the settings.
    var sender: MailSender?
    /// A mailbox; nil for none.
    var replyTo: String?
}
