extension Greeting {
    /// The channels whose messages go to the inbox.
    public var unservedChannels: [Channel] {
        let served = Set(providers.map(\.channel))
        return Channel.allCases.filter { !served.contains($0) }
    }
}
