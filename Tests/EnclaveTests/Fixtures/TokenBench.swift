import EnclaveLink
import JOSE
import SealedPasscodes
import Testing

@testable import Enclave

/// Loaded keys of every purpose, and tokens with any header and payload under any of them: what an enclave would never
/// sign itself.
struct TokenBench {
    static let now = EnclaveInstant(unixMilliseconds: 1_800_000_000_000, steadyMilliseconds: 5_000_000)

    let ring: SigningKeyRing
    let client: SealedClient
    private var identifiers: [SigningKeyPurpose: String] = [:]

    init() throws {
        let masterKey = try #require(MasterKey(bytes: [UInt8](repeating: 7, count: 32)))
        ring = SigningKeyRing(
            sealer: .single(masterKey), keeper: MemoryKeeper(masterKey, randomness: SystemRandomness()))
        client = try SealedClient()
        for purpose in SigningKeyPurpose.allCases { identifiers[purpose] = try addKey(purpose) }
    }

    /// Loads one more key of a purpose.
    func addKey(_ purpose: SigningKeyPurpose) throws -> String {
        try ring.create(CreateSigningKey(purpose: purpose, algorithm: .es256)).keyIdentifier
    }

    func key(_ purpose: SigningKeyPurpose) throws -> SigningKey {
        try ring.key(try #require(identifiers[purpose]), for: purpose)
    }

    static func scope(_ flow: SealedFlow = .turnkey, mode: ChallengeMode = .live) -> TokenScope {
        TokenScope(
            workspace: "ws_1", flow: flow, mode: mode, issuer: "https://id.example.com",
            organization: flow == .turnkey ? "org-1" : "ws_1")
    }

    /// The header of a flow's verification tokens.
    func header(_ flow: SealedFlow, type: String? = nil, algorithm: String = "ES256", more: String = "") throws
        -> String
    {
        let type = type ?? flow.verificationType
        let identifier = try key(flow.verificationPurpose(.live)).identifier
        let kid = flow == .turnkey ? "" : #","kid":"\#(identifier)""#
        return #"{"typ":"\#(type)","alg":"\#(algorithm)"\#(kid)\#(more)}"#
    }

    /// The payload of a good verification token that ends an hour from now.
    func payload(_ flow: SealedFlow) -> String {
        let proven = ProvenContact(
            workspace: "ws_1", mode: .live, contact: ContactAddress(kind: .phone, value: "+919876543210"),
            channels: [.sms])
        let statement = VerificationStatement(
            proven: proven, clientKey: client.key,
            request: VerificationTokenRequest(
                identifier: "token-1", keyIdentifier: "", issuer: "https://id.example.com", organization: "org-1",
                lifetime: 3600))
        let written =
            switch flow {
            case .turnkey: TurnkeyVerificationClaims.write(statement, now: Self.now)
            case .countersign: VerificationClaims.write(statement, subject: "subject", now: Self.now)
            }
        return String(decoding: written.payload, as: UTF8.self)
    }

    /// A token of a flow: a good one unless a part is given.
    func token(
        _ flow: SealedFlow, header: String? = nil, payload: String? = nil, signedBy purpose: SigningKeyPurpose? = nil
    ) throws -> String {
        let input = JSONWebSignature.signingInput(
            header: try header ?? self.header(flow), payload: payload ?? self.payload(flow))
        let signature = try key(purpose ?? flow.verificationPurpose(.live)).sign(input)
        return JSONWebSignature.assemble(signingInput: input, signature: signature)
    }

    func verify(
        _ token: String, in scope: TokenScope = Self.scope(), now: EnclaveInstant = Self.now
    ) throws(TokenFault) -> VerifiedClient {
        try VerificationTokenVerifier(keys: ring).verify(VerificationToken(token), in: scope, now: now)
    }
}
