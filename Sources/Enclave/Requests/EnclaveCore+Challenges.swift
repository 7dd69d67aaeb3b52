import EnclaveLink

/// The life of a challenge: made, delivered, tried.
extension EnclaveCore {
    /// A sealed challenge needs a key and a signature, so its making waits for a thread.
    func make(_ exchange: Exchange, now: EnclaveInstant) {
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

    func attempt(_ exchange: Exchange, now: EnclaveInstant) {
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

    func deliver(_ exchange: Exchange, now: EnclaveInstant) {
        do {
            let request = try exchange.request(DeliverChallenge.self)
            guard let delivery = try delivery(request, now: now) else {
                return exchange.succeed(DeliveryOutcome.failed(.challengeNotAlive, by: ""))
            }
            parts.courier.deliver(delivery) { [exchange = exchange.wayBack, deliveries] outcome in
                deliveries.end(delivery.digest, over: delivery.channel, outcome)
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
        // The inbox is open to the host: it must not get a code that has a provider to go to.
        guard (1...60_000).contains(request.deadline),
            greeting.providers(of: request.channel).contains(request.provider)
        else { throw EnclaveError(.requestRefused) }
        guard let secret = try issuer.open(record) else { return nil }
        guard secret.mode == .live, secret.channels.contains(request.channel) else {
            throw EnclaveError(.requestRefused)
        }
        let isDecoy = secret.target?.isDecoy == true
        let digest = secret.digest(at: record)
        guard
            issuer.isAlive(secret, now: now), !isDecoy,
            !ledger.isClosed(digest, limit: secret.attemptLimit)
        else { return nil }
        try deliveries.begin(digest, over: request.channel, expiry: secret.steadyExpiry, now: now)
        return CodeDelivery(
            workspace: record.workspace, challenge: record.record, digest: digest, contact: secret.contact,
            channel: request.channel, provider: request.provider, code: secret.code, wording: request.wording,
            binding: secret.claims?.binding, timeLimit: request.deadline)
    }
}
