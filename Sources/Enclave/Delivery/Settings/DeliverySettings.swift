import EnclaveLink

/// Where messages go. A channel without a provider goes to the inbox, or nowhere.
public struct DeliverySettings: Equatable, Sendable {
    /// The mail server for the channel `email`; nil sends e-mail to the inbox.
    public var smtp: SMTPSettings?

    /// Whether the inbox takes what no provider does. The host opens its files and can read them, and with them codes.
    public var usesInbox: Bool

    /// Where links with a code in them may lead; none without an entry.
    var links: [LinkPrefix] = []

    public init(smtp: SMTPSettings? = nil, usesInbox: Bool = true) {
        self.smtp = smtp
        self.usesInbox = usesInbox
    }

    /// What callers may change about messages.
    var customizationRules: CustomizationRules {
        CustomizationRules(
            links: links, sender: smtp?.sender ?? .inbox, addresses: smtp?.allowedAddresses ?? .any)
    }

    /// The configured providers with their destinations, as the greeting tells the host.
    public var providers: [ConfiguredProvider] {
        guard let smtp else { return [] }
        return [
            ConfiguredProvider(
                purpose: .messages(.email), name: SMTPSettings.providerName, host: smtp.host, port: smtp.port)
        ]
    }
}
