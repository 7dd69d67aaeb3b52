import EnclaveLink

/// The enclave without its process: takes request frames, answers with frames, and knows neither sockets nor sandbox.
final class EnclaveCore: Sendable {
    let greeting: Greeting
    let parts: EnclaveParts
    let issuer: ChallengeIssuer
    let verifier: ChallengeVerifier
    let ledger: AttemptLedger
    let deliveries: DeliveryLedger
    let keys: SigningKeyRing
    let tokens: IdentityTokenSigner
    let sealed: SealedRequests
    let permissions: PermissionSigner
    let webhookSecrets: WebhookSecrets
    let logs: LogSigner
    let vault: VaultRequests

    /// - Throws: `requestRefused` if the cipher fails, `keyRefused` if there is no key for the logs.
    init(_ parts: EnclaveParts) throws(EnclaveError) {
        let now = parts.clock.now
        let lasting = parts.masterKeys.lasting
        let lastingSealer = VersionedSealer(keys: MasterKeyRing(parts.masterKeys), randomness: parts.randomness)
        let sealer = ChallengeSealer(masterKey: parts.masterKeys.newestKey, randomness: parts.randomness)
        let subjectKeys = SubjectKeys(masterKey: lasting)
        self.parts = parts
        keys = SigningKeyRing(sealer: lastingSealer, keeper: parts.keeper)
        ledger = AttemptLedger(capacity: parts.ledgerCapacity, now: now)
        deliveries = DeliveryLedger(capacity: parts.ledgerCapacity, now: now)
        let counter = AttemptCounter(
            ledger: ledger, contacts: ContactLedger(capacity: parts.ledgerCapacity, now: now))
        issuer = ChallengeIssuer(sealer: sealer, codes: CodeGenerator(randomness: parts.randomness))
        verifier = try ChallengeVerifier(issuer: issuer, counter: counter, deliveries: deliveries, keys: keys)
        tokens = IdentityTokenSigner(randomness: parts.randomness, subjectKeys: subjectKeys)
        sealed = SealedRequests(
            issuer: issuer, counter: counter, deliveries: deliveries, keys: keys, subjectKeys: subjectKeys)
        permissions = PermissionSigner(keys: keys, randomness: parts.randomness)
        webhookSecrets = WebhookSecrets(sealer: lastingSealer)
        logs = try LogSigner(masterKey: lasting, anchor: parts.anchor)
        vault = VaultRequests(keeper: parts.keeper, sealer: lastingSealer, keys: keys)
        greeting = Greeting(
            boot: sealer.boot, startedAt: now.unixMilliseconds, isolation: parts.isolation, providers: parts.providers,
            webhooks: parts.webhooks.reach,
            contactIndexKey: lasting.deriveKey("contact-index").withUnsafeBytes { Array($0) },
            auditKey: lasting.deriveKey("countersign audit personal v1").withUnsafeBytes { Array($0) },
            logKey: logs.key.publicKey)
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
        case .forgetSigningKey:
            answerLater(exchange, ForgetSigningKey.self, on: parts.keyMaking) {
                [keys] request, _ throws(EnclaveError) in
                try keys.forget(request)
            }
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
        case .signPermission:
            answerLater(exchange, SignPermission.self) { [permissions] request, now throws(EnclaveError) in
                try permissions.sign(request, now: now)
            }
        case .verifyCaptcha: verifyCaptcha(exchange)
        case .makeWebhookSecret:
            exchange.answer(MakeWebhookSecret.self) { request throws(EnclaveError) in try webhookSecrets.make(request) }
        case .deliverWebhook: deliverWebhook(exchange)
        case .signLogHeads:
            answerLater(exchange, SignLogHeads.self, on: parts.logSigning) { [logs] request, _ throws(EnclaveError) in
                try logs.sign(request)
            }
        case .signStatement:
            answerLater(exchange, SignStatement.self) { [logs] request, _ throws(EnclaveError) in
                try logs.sign(request)
            }
        case .cosignLogHead: cosign(exchange)
        case .readDeliveryReports:
            answerLater(exchange, ReadDeliveryReports.self, on: parts.reportReading) {
                [reports = parts.reports] request, now in
                reports.read(request, now: now)
            }
        case .describeVault:
            answerLater(exchange, DescribeVault.self, on: parts.keyKeeping) { [vault] _, _ throws(EnclaveError) in
                try vault.describe()
            }
        case .rotateMasterKey:
            answerLater(exchange, RotateMasterKey.self, on: parts.keyKeeping) { [vault] _, _ throws(EnclaveError) in
                try vault.rotate()
            }
        case .retireMasterKeys:
            answerLater(exchange, RetireMasterKeys.self, on: parts.keyKeeping) {
                [vault] request, _ throws(EnclaveError) in
                try vault.retire(keeping: request.newest)
            }
        case .reseal:
            exchange.answer(Reseal.self) { request throws(EnclaveError) in try vault.reseal(request) }
        }
    }
}
