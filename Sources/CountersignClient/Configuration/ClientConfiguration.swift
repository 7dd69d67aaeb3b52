/// What a client is told about its server.
public struct ClientConfiguration: Sendable {
    /// The server's address, such as `https://login.example.com`. Plain `http://` only to this machine's loopback.
    public var server: String
    /// Who asks; nil for a client that only checks identity tokens.
    public var credential: Credential?
    /// The enclave's key, as the server's operator gave it out of band: `countersign init --json` prints it as
    /// `enclave.signingKey`. Without it no code is sealed.
    public var signer: PublicKey?
    /// The key that signs sessions of the Turnkey dialect: `enclave.notaryKey`.
    public var notary: PublicKey?
    /// The workspace's id, `ws_…`. Where it is given, a challenge of another workspace is refused.
    public var workspace: String?
    /// How long one send of a request may take in all.
    public var timeout: Duration
    public var retries: RetryPolicy

    public init(
        server: String, credential: Credential? = nil, signer: PublicKey? = nil, notary: PublicKey? = nil,
        workspace: String? = nil, timeout: Duration = .seconds(15), retries: RetryPolicy = .standard
    ) {
        self.server = server
        self.credential = credential
        self.signer = signer
        self.notary = notary
        self.workspace = workspace
        self.timeout = timeout
        self.retries = retries
    }
}
