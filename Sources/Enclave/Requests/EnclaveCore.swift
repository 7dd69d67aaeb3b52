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
    private let sealed: SealedRequests

    /// - Throws: `requestRefused` if the cipher fails.
    init(_ parts: EnclaveParts) throws(EnclaveError) {
        let now = parts.clock.now
        let sealer = ChallengeSealer(masterKey: parts.masterKey, randomness: parts.randomness)
        let subjectKeys = SubjectKeys(masterKey: parts.masterKey)
        self.parts = parts
        keys = SigningKeyRing(sealer: Sealer(masterKey: parts.masterKey, randomness: parts.randomness))
        ledger = AttemptLedger(capacity: parts.ledgerCapacity, now: now)
        let counter = AttemptCounter(
            ledger: ledger, contacts: ContactLedger(capacity: parts.ledgerCapacity, now: now))
        issuer = ChallengeIssuer(sealer: sealer, codes: CodeGenerator(randomness: parts.randomness))
        verifier = try ChallengeVerifier(issuer: issuer, counter: counter, keys: keys)
        tokens = IdentityTokenSigner(randomness: parts.randomness, subjectKeys: subjectKeys)
        sealed = SealedRequests(issuer: issuer, counter: counter, keys: keys, subjectKeys: subjectKeys)
        greeting = Greeting(
            boot: sealer.boot, startedAt: now.unixMilliseconds, isolation: parts.isolation, providers: parts.providers,
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
        case .makeChallenge: make(exchange, now: now)
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
        case .attemptSealedChallenge:
            answerLater(exchange, AttemptSealedChallenge.self) { [sealed] request, now throws(EnclaveError) in
                try sealed.attempt(request, now: now)
            }
        case .checkVerificationToken:
            answerLater(exchange, CheckVerificationToken.self) { [sealed] in sealed.check($0, now: $1) }
        case .signSession:
            answerLater(exchange, SignSession.self) { [sealed] request, now throws(EnclaveError) in
                try sealed.sign(request, now: now)
            }
        case .endorseSigningKey:
            answerLater(exchange, EndorseSigningKey.self) { [sealed] request, now throws(EnclaveError) in
                try sealed.endorse(request, now: now)
            }
        case .verifyCaptcha: verifyCaptcha(exchange)
        }
    }

    /// A sealed challenge needs a key and a signature, so its making waits for a thread.
    private func make(_ exchange: Exchange, now: EnclaveInstant) {
        do throws(EnclaveError) {
            let request = try exchange.request(MakeChallenge.self)
            guard let target = request.target else { return exchange.succeed(try issuer.make(request, now: now)) }
            try later(exchange, on: parts.signing, answersPerWrite: Self.signedAnswersPerWrite) {
                [sealed, clock = parts.clock] () throws(EnclaveError) in
                try sealed.make(request, target, now: clock.now)
            }
        } catch {
            exchange.fail(error)
        }
    }

    /// Has a thread of the signing pool do the whole of `work`. Where the pool has no room nothing is counted. The time
    /// is taken when the work begins, so that waiting gives no attempt more life.
    private func answerLater<Request: EnclaveRequest>(
        _ exchange: Exchange, _ type: Request.Type,
        _ work: @escaping @Sendable (Request, EnclaveInstant) throws(EnclaveError) -> Request.Reply
    ) {
        do throws(EnclaveError) {
            let request = try exchange.request(type)
            try later(exchange, on: parts.signing, answersPerWrite: Self.signedAnswersPerWrite) {
                [clock = parts.clock] () throws(EnclaveError) in try work(request, clock.now)
            }
        } catch {
            exchange.fail(error)
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
        guard (1...60_000).contains(request.deadline) else { throw EnclaveError(.requestRefused) }
        guard let secret = try issuer.open(record) else { return nil }
        guard secret.mode == .live else { throw EnclaveError(.requestRefused) }
        let isDecoy = secret.target?.isDecoy == true
        guard
            issuer.isAlive(secret, now: now), !isDecoy,
            !ledger.isClosed(secret.digest(at: record), limit: secret.attemptLimit)
        else { return nil }
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
