/// A client of one Countersign server.
///
/// ```swift
/// let countersign = try CountersignClient(
///     ClientConfiguration(server: "https://login.example.com", credential: .secretKey(key)))
/// let sent = try await countersign.passcodes.send(to: "+4915123456789", application: "Example")
/// let token = try await countersign.passcodes.verify("123456", from: "+4915123456789")
/// ```
///
/// It holds no thread and no connection that needs closing; make one and keep it.
public struct CountersignClient: Sendable {
    let connection: Connection
    private let trust: SignerTrust

    /// - Throws: `invalidAddress`, `insecureAddress`.
    public init(
        _ configuration: ClientConfiguration, transport: any Transport = URLSessionTransport()
    ) throws(CountersignError) {
        try self.init(configuration, transport: transport, surroundings: .system)
    }

    package init(
        _ configuration: ClientConfiguration, transport: any Transport, surroundings: Surroundings
    ) throws(CountersignError) {
        connection = Connection(
            configuration: configuration, address: try ServerAddress(configuration.server), transport: transport,
            surroundings: surroundings)
        trust = SignerTrust(connection)
    }

    /// Passcodes from server to server: the back end asks for a message, and presents what the person typed.
    public var passcodes: Passcodes { Passcodes(connection: connection) }

    /// Sealed passcodes: only the person and the enclave see the code.
    public var challenges: Challenges { Challenges(connection: connection, trust: trust) }

    /// What a verified person does next.
    public var sessions: Sessions { Sessions(connection: connection) }

    /// The auth proxy of the Turnkey dialect.
    public var authProxy: AuthProxy { AuthProxy(connection: connection, trust: trust) }

    /// One-time permissions for an agent, or for a service that checks their tokens.
    /// - Parameter proofKey: the agent's own key, where the operator registered one for it.
    public func permissions(provenBy proofKey: (any ClientKey)? = nil) -> Permissions {
        Permissions(connection: connection, proofKey: proofKey)
    }

    /// The keys that the enclave signs with, as far as the pinned ones vouch for them.
    public var signers: Signers { Signers(trust: trust) }

    /// Checks identity tokens of this server. Keep the result: it remembers the key set.
    /// - Parameters:
    ///   - audience: the workspace's id, `ws_…`.
    ///   - issuer: the server's `issuer`; nil where that is the address of this client's configuration.
    ///   - acceptsTestTokens: whether a token that a test key made counts. Never in production.
    public func identityTokens(
        audience: String, issuer: String? = nil, acceptsTestTokens: Bool = false
    ) -> IdentityTokens {
        IdentityTokens(
            connection, audience: audience, issuer: issuer ?? connection.address.text,
            acceptsTestTokens: acceptsTestTokens)
    }
}
