import EnclaveLink
import SealedPasscodes
import Testing

/// A verified client that is about to log in.
struct LoginBench {
    let subject: SealedEnclave
    let way: SealedWay
    let client: SealedClient
    /// The session's key: the client's own in our flow.
    let session: SealedClient
    let token: VerificationToken

    init(_ flow: SealedFlow, mode: ChallengeMode = .live) async throws {
        way = SealedWay(flow: flow, mode: mode)
        subject = try await SealedEnclave()
        client = try SealedClient()
        session = flow == .turnkey ? try SealedClient() : client
        token = try await subject.token(subject.make(flow: flow, mode: mode), for: client)
    }

    var messageText: String {
        #"{"login":{"publicKey":"\#(session.key.compressedHexadecimal)"},"tokenId":"token-1","type":"USAGE_TYPE_LOGIN"}"#
    }

    var bodyText: String {
        """
        {"type":"ACTIVITY_TYPE_STAMP_LOGIN","timestampMs":"1","organizationId":"org-of-ws_1",\
        "parameters":{"publicKey":"\(session.key.compressedHexadecimal)","expirationSeconds":"900"}}
        """
    }

    func possession(
        by client: SealedClient? = nil, method: String = "POST", address: String = SealedEnclave.address,
        token: String? = nil, later seconds: Int64 = 0
    ) throws -> LoginProof {
        let now = subject.clock.now.unixMilliseconds / 1000
        return .possession(
            try (client ?? self.client).proof(
                method: method, address: address, token: token ?? self.token.value, at: now + seconds),
            method: "POST", addresses: [SealedEnclave.address])
    }

    func request(_ proof: LoginProof) throws -> SignSession {
        let purpose: SigningKeyPurpose = way.flow == .turnkey ? .notary(way.mode) : .session(way.mode)
        return SignSession(
            token: token, scope: subject.scope(way.flow, mode: way.mode), proof: proof, sessionKey: session.key,
            user: "user-1", session: "se_1", lifetime: 900, keyIdentifier: try subject.key(purpose).keyIdentifier)
    }

    func finding(_ proof: LoginProof) async throws -> SessionFinding {
        try await subject.enclave.call(request(proof))
    }

    func fault(_ proof: LoginProof) async throws -> TokenFault? { try await finding(proof).fault }
}

extension SessionFinding {
    var fault: TokenFault? {
        if case .refused(let fault) = self { fault } else { nil }
    }

    var token: SessionToken? {
        if case .signed(let token, _, _) = self { token } else { nil }
    }
}
