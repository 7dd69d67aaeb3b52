@testable import CountersignClient

/// A client of a server that a test plays.
struct ScriptedClient {
    let client: CountersignClient
    let network: ScriptedTransport
    let surroundings: TestSurroundings

    init(
        _ network: ScriptedTransport, credential: Credential? = .secretKey("sk_live_secret"), signer: PublicKey? = nil,
        notary: PublicKey? = nil, workspace: String? = nil, retries: RetryPolicy = .standard, chance: Double = 0,
        surroundings: TestSurroundings = TestSurroundings()
    ) throws {
        self.network = network
        self.surroundings = surroundings
        client = try CountersignClient(
            ClientConfiguration(
                server: EnclaveDouble.issuer, credential: credential, signer: signer, notary: notary,
                workspace: workspace, retries: retries),
            transport: network, surroundings: surroundings.surroundings(chance: chance))
    }
}
