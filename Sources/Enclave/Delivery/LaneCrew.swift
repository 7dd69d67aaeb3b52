/// Makes lanes with their workers: each has a connection of its own to where its lane leads.
struct LaneCrew {
    let composer: MailComposer
    let descriptors: any DescriptorRequesting
    /// Messages that may wait for a worker, per lane.
    let queueCapacity: Int
    let now: @Sendable () -> WallTime

    func inbox(writers: Int) throws(TransportError) -> MessageLane {
        var workers: [InboxWriter] = []
        for _ in 0..<writers { workers.append(InboxWriter(composer: composer, descriptors: descriptors)) }
        return try MessageLane(provider: InboxWriter.providerName, capacity: queueCapacity, workers: workers)
    }

    func lane(to smtp: SMTPSettings) throws(TransportError) -> MessageLane {
        let authorities = try TrustedAuthorities(smtp.certificateAuthorities)
        var connections: [SMTPConnection] = []
        for _ in 0..<smtp.connections {
            connections.append(
                try SMTPConnection(
                    settings: smtp, trusting: authorities, composer: composer, descriptors: descriptors))
        }
        return try MessageLane(provider: SMTPSettings.providerName, capacity: queueCapacity, workers: connections)
    }

    func lane(to service: ProviderSettings) throws(TransportError) -> MessageLane {
        let authorities = try TrustedAuthorities(service.certificateAuthorities)
        var connections: [ProviderConnection] = []
        for _ in 0..<service.connections {
            connections.append(
                try ProviderConnection(service, trusting: authorities, descriptors: descriptors, now: now))
        }
        return try MessageLane(provider: service.name, capacity: queueCapacity, workers: connections)
    }
}
