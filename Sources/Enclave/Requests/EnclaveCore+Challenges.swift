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
            parts.courier.deliver(delivery) { [exchange = exchange.wayBack] outcome in
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
}
