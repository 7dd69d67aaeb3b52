import Enclave
import EnclaveLink
import Synchronization

/// The letter box of an installation: what was delivered, and what happens to the next delivery.
public final class Mail: Sendable {
    private struct State {
        var delivered: [DeliveredCode] = []
        var outcome = DeliveryOutcome.accepted(provider: "inbox")
        /// What single providers answer, each outcome once and the last one from then on.
        var scripts: [String: [DeliveryOutcome]] = [:]
        var isHeld = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    public var codes: [String] { messages.map(\.code) }
    public var messages: [DeliveredCode] { state.withLock { $0.delivered } }
    /// Deliveries that wait to be let go.
    public var held: Int { state.withLock { $0.waiting.count } }

    public func answer(_ next: DeliveryOutcome) { state.withLock { $0.outcome = next } }

    /// What a provider answers, one after another, the last one from then on.
    public func answer(_ outcomes: DeliveryOutcome..., by provider: String) {
        state.withLock { $0.scripts[provider] = outcomes }
    }

    /// Lets every delivery wait from now on, as a slow provider does.
    public func hold() { state.withLock { $0.isHeld = true } }

    /// Ends the waiting.
    public func letGo() {
        let waiting = state.withLock { state in
            defer { (state.waiting, state.isHeld) = ([], false) }
            return state.waiting
        }
        waiting.forEach { $0.resume() }
    }

    func deliver(_ code: DeliveredCode) async -> DeliveryOutcome {
        state.withLock { $0.delivered.append(code) }
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                if state.isHeld { state.waiting.append(continuation) }
                return state.isHeld
            }
            if !isHeld { continuation.resume() }
        }
        return state.withLock { state in
            guard let script = state.scripts[code.provider], let next = script.first else { return state.outcome }
            if script.count > 1 { state.scripts[code.provider]?.removeFirst() }
            return next
        }
    }
}
