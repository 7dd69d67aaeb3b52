import Configuration
import EnclaveLink

/// One entry of the list `providers` in `enclave.yaml`.
struct ProviderSettings: Sendable, Equatable, Redacted {
    /// Providers of an installation, at most.
    static let limit = 16
    /// Allowed values of ``connections``.
    static let connectionRange = 1...16
    /// ``connections`` where nothing else is set.
    static let usualConnections = 4

    /// Its name in outcomes, logs, routes and the greeting; no other entry has it.
    let name: String
    let provider: any MessageProvider
    /// The certificates (PEM) that may vouch for the server; no others are trusted.
    let certificateAuthorities: [UInt8]
    /// Connections kept open, each with a worker thread of its own.
    let connections: Int

    /// The provider with its destination, as the greeting tells the host.
    var configured: ConfiguredProvider {
        let destination = provider.address.destination
        return ConfiguredProvider(
            purpose: .messages(provider.channel), name: name, host: destination.host, port: destination.port)
    }

    var description: String { "<provider \(name)>" }

    static func == (one: Self, other: Self) -> Bool {
        one.name == other.name && one.provider.isSame(as: other.provider) && one.connections == other.connections
            && one.certificateAuthorities == other.certificateAuthorities
    }
}
