/// Where webhooks may go, by the enclave's settings.
public struct WebhookReach: Equatable, Sendable {
    /// The hosts that they may go to; nil for every one.
    public var hosts: [HostPattern]?
    /// Hosts that may have addresses which are not public. They need not stand in `hosts` as well.
    public var privateHosts: [HostPattern]

    /// Patterns in each of the two, at most.
    public static let patternLimit = 256

    public static let nowhere = WebhookReach(hosts: [])

    public init(hosts: [HostPattern]? = nil, privateHosts: [HostPattern] = []) {
        self.hosts = hosts
        self.privateHosts = privateHosts
    }

    /// True if webhooks may go to this host, as far as its name says.
    public func includes(_ host: String) -> Bool {
        mayBePrivate(host) || (hosts?.contains { $0.matches(host) } ?? true)
    }

    /// True if its address need not be a public one.
    public func mayBePrivate(_ host: String) -> Bool { privateHosts.contains { $0.matches(host) } }
}
