/// What a caller may change about one message. The enclave checks each part again: a host that lies must not be able to
/// have a code carried anywhere but to the person.
public struct MessageCustomization: Equatable, Sendable {
    /// Where a template takes the code.
    public static let codePlaceholder = "{{.OtpCode}}"

    /// The text of a short message, with `codePlaceholder` once, standing free: never inside a word or an address.
    public var text: String?
    /// The `https` address of a picture at the head of a mail.
    public var logo: String?
    /// An address with `%s` where the code goes. Only under a prefix that the enclave's own settings allow.
    public var link: String?
    /// The mail's `From`; the workspace must allow it.
    public var senderAddress: String?
    public var senderName: String?
    public var replyTo: String?

    public init(
        text: String? = nil, logo: String? = nil, link: String? = nil, senderAddress: String? = nil,
        senderName: String? = nil, replyTo: String? = nil
    ) {
        self.text = text
        self.logo = logo
        self.link = link
        self.senderAddress = senderAddress
        self.senderName = senderName
        self.replyTo = replyTo
    }
}
