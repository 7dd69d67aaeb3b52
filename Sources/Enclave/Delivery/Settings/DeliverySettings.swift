import EnclaveLink

/// Where messages go. A channel without a provider goes to the inbox.
public struct DeliverySettings: Equatable, Sendable {
    /// The mail server for the channel `email`; nil sends e-mail to the inbox.
    public var smtp: SMTPSettings?

    public init(smtp: SMTPSettings? = nil) { self.smtp = smtp }

    /// The configured providers with their destinations, as the greeting tells the host.
    public var providers: [ConfiguredProvider] {
        guard let smtp else { return [] }
        return [ConfiguredProvider(channel: .email, name: SMTPSettings.providerName, host: smtp.host, port: smtp.port)]
    }
}
