import CountersignClient

extension PlayedServer {
    /// A client that pins the enclave's double.
    func client(
        credential: Credential = .configuration(PlayedServer.configuration), signer: PublicKey? = nil,
        notary: PublicKey? = nil, workspace: String? = nil
    ) throws -> CountersignClient {
        try client(over: self, credential, signer: signer, notary: notary, workspace: workspace)
    }

    /// A client that pins the same keys, on a network that fails.
    func client(failing: @escaping ScriptedTransport.Reply, credential: Credential) throws -> (
        client: CountersignClient, network: ScriptedTransport
    ) {
        let network = ScriptedTransport(failing)
        return (try client(over: network, credential), network)
    }

    private func client(
        over network: any Transport, _ credential: Credential, signer: PublicKey? = nil, notary: PublicKey? = nil,
        workspace: String? = nil
    ) throws -> CountersignClient {
        try CountersignClient(
            ClientConfiguration(
                server: EnclaveDouble.issuer, credential: credential, signer: signer ?? enclave.signer.publicKey,
                notary: notary ?? enclave.notary.publicKey, workspace: workspace),
            transport: network, surroundings: surroundings.surroundings())
    }

    func verification(_ key: some ClientKey) async throws -> Verification {
        let client = try client()
        return try await client.challenges.attempt(
            Self.code, at: try await client.challenges.start(for: Self.contact), key: key)
    }

    func session(_ key: some ClientKey) async throws -> Session {
        try await client().sessions.open(try await verification(key), key: key)
    }

    func proxyVerification(_ key: some ClientKey) async throws -> ProxyVerification {
        let proxy = try client().authProxy
        return try await proxy.verifyOTP(Self.code, at: try await proxy.initOTP(to: Self.contact), key: key)
    }

    func proxySession(_ key: some ClientKey, sessionKey: some ClientKey) async throws -> ProxySession {
        try await client().authProxy.logIn(try await proxyVerification(key), key: key, sessionKey: sessionKey)
    }
}

/// Whatever must not arrive twice.
enum OnceStep: CaseIterable, Sendable {
    case verify, attempt, openSession, endSession, endAnySession, initOTP, verifyOTP, account, signUp, logIn

    var credential: Credential {
        switch self {
        case .verify, .endAnySession: .secretKey("sk_live_secret")
        default: .configuration(PlayedServer.configuration)
        }
    }

    /// Takes the step on a network of its own, after those before it went well.
    func take(_ played: PlayedServer, _ client: CountersignClient) async throws {
        let key = InMemoryKey()
        switch self {
        case .verify: _ = try await client.passcodes.verify("123456", from: PlayedServer.contact)
        case .attempt:
            let challenge = try await played.client().challenges.start(for: PlayedServer.contact)
            _ = try await client.challenges.attempt(PlayedServer.code, at: challenge, key: key)
        case .openSession: _ = try await client.sessions.open(try await played.verification(key), key: key)
        case .endSession: try await client.sessions.end(try await played.session(key), key: key)
        case .endAnySession: try await client.sessions.end(id: "se_1")
        case .initOTP: _ = try await client.authProxy.initOTP(to: PlayedServer.contact)
        case .verifyOTP:
            let challenge = try await played.client().authProxy.initOTP(to: PlayedServer.contact)
            _ = try await client.authProxy.verifyOTP(PlayedServer.code, at: challenge, key: key)
        case .account:
            _ = try await client.authProxy.account(of: PlayedServer.contact, try await played.proxyVerification(key))
        case .signUp:
            let verification = try await played.proxyVerification(key)
            _ = try await client.authProxy.signUp(PlayedServer.contact, verification, key: key)
        case .logIn:
            let verification = try await played.proxyVerification(key)
            _ = try await client.authProxy.logIn(verification, key: key, sessionKey: InMemoryKey())
        }
    }
}
