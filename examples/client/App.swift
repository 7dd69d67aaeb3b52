import CountersignClient

/// An app: the code is sealed on the device, and only the enclave reads it.
struct App {
    let countersign: CountersignClient
    let key: any ClientKey

    init(server: String, configuration: String, signerKey: String, notaryKey: String? = nil) throws {
        countersign = try CountersignClient(
            ClientConfiguration(
                server: server, credential: .configuration(configuration), signer: try PublicKey(signerKey),
                notary: try notaryKey.map { try PublicKey($0) }))
        key = try Self.clientKey()
    }

    /// Where there is a Secure Enclave, the key never leaves it.
    private static func clientKey() throws -> any ClientKey {
        #if canImport(CryptoKit)
            if SecureEnclaveKey.isAvailable { return try SecureEnclaveKey() }
        #endif
        return InMemoryKey()
    }

    func logIn(_ contact: String, asking person: Person) async throws -> Session {
        let challenge = try await countersign.challenges.start(for: contact)
        let verification = try await person.answer { code in
            try await countersign.challenges.attempt(code, at: challenge, key: key)
        }
        let session = try await countersign.sessions.open(verification, key: key)
        return session
    }

    func logOut(_ session: Session) async throws {
        try await countersign.sessions.end(session, key: key)
    }

    /// What to pin at the next start.
    func pins() async throws -> Signers.Pins {
        let pins = try await countersign.signers.follow()
        return pins
    }
}
