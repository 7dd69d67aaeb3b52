import EnclaveLink
import Workspaces

/// One send on its way: asks one provider after another until one takes the message.
struct DeliveryRun: Sendable {
    /// Milliseconds for one provider to take a message, a second try included.
    static let providerLimit: Int64 = 5_000
    /// Milliseconds for the whole send; less than a request blocks its `Idempotency-Key`.
    static let limit: Int64 = 20_000
    /// Under this many milliseconds nobody is asked any more.
    private static let shortest = 250

    /// A message at one provider.
    struct Try: Sendable {
        let step: Route.Step
        /// Unix milliseconds.
        let startedAt: Int64
        let settledAt: Int64
        let outcome: Result<DeliveryOutcome, EnclaveError>
        /// Whether the enclave that made the code was there to be asked.
        let hadEnclave: Bool

        /// Whether a message may be out that nobody took visibly: also where the enclave ended before it answered. What it
        /// refused, and what it was never told, went nowhere.
        var mayHaveArrived: Bool {
            switch outcome {
            case .success(.accepted): true
            case .success(.failed(let failure)): failure.mayHaveArrived
            case .failure(let error): error.code == .unavailable && hadEnclave
            }
        }
    }

    let enclave: any EnclaveCalling
    let breakers: ProviderBreakers
    let clock: WallClock
    let challenge: SealedRecord
    let wording: MessageWording
    /// The workspace's own texts by channel.
    let templates: [Channel: OwnTemplate]
    /// The enclave that made the code.
    let boot: BootIdentifier
    let ending: EndingSign
    /// Whether anybody still wants the code; asked before each try but the first.
    let isWanted: @Sendable () async -> Bool

    /// Asks along the steps of a route. Returns every message that was tried, in order: the last one tells how the send
    /// ended. None where every provider is left out.
    func go(along steps: [Route.Step]) async -> [Try] {
        let end = clock.now() + Self.limit
        var tries: [Try] = []
        var deadChannels: Set<Channel> = []
        for step in steps where !deadChannels.contains(step.channel) {
            if !tries.isEmpty, !(await isWanted()) { return tries }
            let stepEnd = min(end, clock.now() + Self.providerLimit)
            var again = false
            repeat {
                let left = Int(stepEnd - clock.now())
                guard left >= Self.shortest, tries.isEmpty || !ending.isRaised, breakers.admits(step.provider) else {
                    break
                }
                let attempt = await ask(step, within: left)
                tries.append(attempt)
                let consequence = attempt.consequence
                if consequence == .end { return tries }
                if consequence == .nextChannel { deadChannels.insert(step.channel) }
                // At the inbox nothing would be different the next time.
                again = consequence == .tryAgain && !again && step.provider != Greeting.inbox
            } while again
        }
        return tries
    }

    private func ask(_ step: Route.Step, within limit: Int) async -> Try {
        let startedAt = clock.now()
        let hadEnclave = enclave.greeting?.boot == boot
        var wording = wording
        wording.template = templates[step.channel]
        let outcome: Result<DeliveryOutcome, EnclaveError>
        do throws(EnclaveError) {
            let answer = try await enclave.call(
                DeliverChallenge(
                    challenge: challenge, channel: step.channel, provider: step.provider, wording: wording,
                    deadline: limit))
            breakers.note(answer, of: step.provider)
            outcome = .success(answer)
        } catch {
            outcome = .failure(error)
        }
        return Try(step: step, startedAt: startedAt, settledAt: clock.now(), outcome: outcome, hadEnclave: hadEnclave)
    }
}

extension DeliveryRun.Try {
    fileprivate var consequence: FailureConsequence {
        switch outcome {
        case .success(.accepted), .failure: .end
        case .success(.failed(let failure)): failure.consequence
        }
    }
}
