extension Greeting {
    /// The channels whose messages go to the inbox.
    public var unservedChannels: [Channel] {
        Channel.allCases.filter { channel in !providers.contains { $0.purpose == .messages(channel) } }
    }
}
