import EnclaveLink

/// The enclave without its process: takes request frames, answers with frames, and knows neither sockets nor sandbox.
final class EnclaveCore: Sendable {
    /// As many signed answers leave in one write while further ones wait to be signed; each write wakes the host.
    private static let signedAnswersPerWrite = 4

    let greeting: Greeting
    private let parts: EnclaveParts
    private let issuer: ChallengeIssuer
    private let verifier: ChallengeVerifier
    private let ledger: AttemptLedger
    private let keys: SigningKeyRing
    private let tokens: IdentityTokenSigner

    /// - Throws: `requestRefused` if the cipher fails.
    init(_ parts: EnclaveParts) throws(EnclaveError) {
        let now = parts.clock.now
        let sealer = Sealer(masterKey: parts.masterKey, randomness: parts.randomness)
        let boot = BootIdentifier(bytes: parts.randomness.bytes(16))
        self.parts = parts
        keys = SigningKeyRing(sealer: sealer)
        ledger = AttemptLedger(capacity: parts.ledgerCapacity, now: now)
        let contacts = ContactLedger(capacity: parts.ledgerCapacity, now: now)
        issuer = ChallengeIssuer(boot: boot, sealer: sealer, codes: CodeGenerator(randomness: parts.randomness))
        verifier = try ChallengeVerifier(issuer: issuer, ledger: ledger, contacts: contacts, keys: keys)
        tokens = IdentityTokenSigner(masterKey: parts.masterKey, randomness: parts.randomness)
        greeting = Greeting(
            boot: boot, startedAt: now.unixMilliseconds, isolation: parts.isolation, providers: parts.providers,
            contactIndexKey: parts.masterKey.deriveKey("contact-index").withUnsafeBytes { Array($0) })
    }

    /// Handles one request. Cheap ones are answered before this returns; the others come later, each followed by a
    /// flush of its own.
    /// - Throws: `FrameError` if the frame does not say which call it is: the other side is no host of this version.
    func receive(_ body: ArraySlice<UInt8>, answers: any AnswerSink) throws(FrameError) {
        let exchange = try Exchange(body, answers: answers)
        let now = parts.clock.now
        switch exchange.envelope.kind {
        case .greet: exchange.answer(Greet.self) { _ in greeting }
        case .makeChallenge:
            exchange.answer(MakeChallenge.self) { request throws(EnclaveError) in
                try issuer.make(request, now: now)
            }
        case .revealTestCode:
            exchange.answer(RevealTestCode.self) { request throws(EnclaveError) in
                try issuer.revealTestCode(request, now: now)
            }
        case .attemptChallenge: attempt(exchange, now: now)
        case .deliverChallenge: deliver(exchange, now: now)
        case .createSigningKey: createSigningKey(exchange)
        case .loadSigningKey:
            exchange.answer(LoadSigningKey.self) { request throws(EnclaveError) in try keys.load(request) }
        case .forgetSigningKey: exchange.answer(ForgetSigningKey.self) { keys.forget($0) }
        case .verifyCaptcha: verifyCaptcha(exchange)
        case .attemptSealedChallenge, .checkVerificationToken, .signSession, .endorseSigningKey:
            exchange.fail(EnclaveError(.requestRefused))
        }
    }

    private func attempt(_ exchange: Exchange, now: EnclaveInstant) {
        do throws(EnclaveError) {
            let request = try exchange.request(AttemptChallenge.self)
            // Asked first: a challenge must not be used up when there is nobody to sign its token.
            guard parts.signing.hasRoom else { throw EnclaveError(.overloaded) }
            switch try verifier.examine(request, now: now) {
            case .outcome(let outcome): exchange.succeed(outcome)
            case .matched(let statement, let key):
                try later(exchange, on: parts.signing, answersPerWrite: Self.signedAnswersPerWrite) {
                    [tokens] () throws(EnclaveError) in
                    AttemptOutcome.verified(identityToken: try tokens.sign(statement, with: key, now: now))
                }
            }
        } catch {
            exchange.fail(error)
        }
    }

    private func createSigningKey(_ exchange: Exchange) {
        do {
            let request = try exchange.request(CreateSigningKey.self)
            try later(exchange, on: parts.keyMaking) { [keys] () throws(EnclaveError) in try keys.create(request) }
        } catch {
            exchange.fail(error)
        }
    }

    private func deliver(_ exchange: Exchange, now: EnclaveInstant) {
        do {
            let request = try exchange.request(DeliverChallenge.self)
            guard let delivery = try delivery(request, now: now) else {
                return exchange.succeed(DeliveryOutcome.failed(.challengeNotAlive, by: ""))
            }
            parts.courier.deliver(delivery) { [exchange = exchange.wayBack] outcome in
                exchange.succeed(outcome)
                exchange.answers.flush()
            }
        } catch {
            exchange.fail(error)
        }
    }

    private func verifyCaptcha(_ exchange: Exchange) {
        do throws(EnclaveError) {
            let request = try exchange.request(VerifyCaptcha.self)
            guard VerifyCaptcha.deadlines.contains(request.deadline) else { throw EnclaveError(.requestRefused) }
            parts.captcha.verify(request) { [exchange = exchange.wayBack] outcome in
                exchange.succeed(outcome)
                exchange.answers.flush()
            }
        } catch {
            exchange.fail(error)
        }
    }

    /// Nil if the challenge takes no more attempts: its code would be of no use to the person.
    private func delivery(
        _ request: DeliverChallenge, now: EnclaveInstant
    ) throws(EnclaveError) -> CodeDelivery? {
        let record = request.challenge
        let secret = try issuer.open(record)
        guard secret.mode == .live, (1...60_000).contains(request.deadline) else {
            throw EnclaveError(.requestRefused)
        }
        let digest = ChallengeDigest(workspace: record.workspace, challenge: record.record)
        guard issuer.isAlive(secret, now: now), !ledger.isClosed(digest, limit: secret.attemptLimit) else {
            return nil
        }
        return CodeDelivery(
            workspace: record.workspace, challenge: record.record, contact: secret.contact, channel: secret.channel,
            code: secret.code, wording: request.wording, timeLimit: request.deadline)
    }

    private func later<Reply: FrameCodable & Sendable>(
        _ exchange: Exchange, on queue: any JobQueue, answersPerWrite: Int = 1,
        _ work: @escaping @Sendable () throws(EnclaveError) -> Reply
    ) throws(EnclaveError) {
        let submitted = queue.submit { [exchange = exchange.wayBack] in
            do throws(EnclaveError) {
                exchange.succeed(try work())
            } catch {
                exchange.fail(error)
            }
            // Whoever runs the next job comes by here again.
            exchange.answers.flush(gathered: queue.hasWaiting ? answersPerWrite : 1)
        }
        guard submitted else { throw EnclaveError(.overloaded) }
    }
}
