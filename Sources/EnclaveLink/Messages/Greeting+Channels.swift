extension Greeting {
    /// The name under which the inbox stands for a provider.
    public static let inbox = "inbox"

    /// The channels whose messages go to the inbox.
    public var unservedChannels: [Channel] { Channel.allCases.filter { providers(of: $0) == [Self.inbox] } }

    /// Who brings a channel's messages, in the order of the enclave's settings: the inbox where nobody else is configured
    /// for it, and only there, because the host can read what is in the inbox.
    public func providers(of channel: Channel) -> [String] {
        let names = providers.lazy.filter { $0.purpose == .messages(channel) }.map(\.name)
        return names.isEmpty ? [Self.inbox] : Array(names)
    }
}
