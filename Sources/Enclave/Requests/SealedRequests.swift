import EnclaveLink

/// What the enclave does for sealed passcodes. Each of these makes a key or checks or makes signatures, so none belongs
/// on the thread that reads frames.
struct SealedRequests: Sendable {
    private let issuer: SealedChallengeIssuer
    private let attempts: SealedAttemptVerifier
    private let tokens: VerificationTokenVerifier
    private let sessions: SessionSigner
    private let endorser: KeyEndorser

    init(
        issuer: ChallengeIssuer, counter: AttemptCounter, deliveries: DeliveryLedger, keys: SigningKeyRing,
        subjectKeys: SubjectKeys
    ) {
        self.issuer = SealedChallengeIssuer(issuer: issuer, keys: keys)
        attempts = SealedAttemptVerifier(
            issuer: issuer, counter: counter, deliveries: deliveries, keys: keys,
            tokens: VerificationTokenSigner(subjectKeys: subjectKeys))
        tokens = VerificationTokenVerifier(keys: keys)
        sessions = SessionSigner(keys: keys, verifier: tokens)
        endorser = KeyEndorser(keys: keys)
    }

    func make(
        _ request: MakeChallenge, _ target: SealedTarget, now: EnclaveInstant
    ) throws(EnclaveError) -> MadeChallenge {
        try issuer.make(request, target, now: now)
    }

    func attempt(
        _ request: AttemptSealedChallenge, now: EnclaveInstant
    ) throws(EnclaveError) -> SealedAttemptOutcome {
        try attempts.decide(request, now: now)
    }

    func check(_ request: CheckVerificationToken, now: EnclaveInstant) -> VerificationTokenFinding {
        do throws(TokenFault) {
            let client = try tokens.verify(request.token, in: request.scope, now: now)
            if let message = request.signUp { try client.check(signUp: message, in: request.scope) }
            return .good(client)
        } catch {
            return .refused(error)
        }
    }

    func sign(_ request: SignSession, now: EnclaveInstant) throws(EnclaveError) -> SessionFinding {
        try sessions.sign(request, now: now)
    }

    func endorse(_ request: EndorseSigningKey, now: EnclaveInstant) throws(EnclaveError) -> KeyEndorsement {
        try endorser.endorse(request, now: now)
    }
}
