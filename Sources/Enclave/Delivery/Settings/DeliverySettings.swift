import EnclaveLink

/// Where messages go. A channel without a provider goes to the inbox, or nowhere.
public struct DeliverySettings: Equatable, Sendable {
    /// The mail server for the channel `email`; nil sends e-mail to the inbox.
    public var smtp: SMTPSettings?

    /// Who takes the messages of the other channels: for each of them in the order of the list.
    var services: [ProviderSettings] = []

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
        let mail = smtp.map {
            ConfiguredProvider(
                purpose: .messages(.email), name: SMTPSettings.providerName, host: $0.host, port: $0.port)
        }
        return [mail].compactMap { $0 } + services.map(\.configured)
    }
}
