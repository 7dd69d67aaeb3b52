import EnclaveLink
import Synchronization

/// An enclave in the caller's own process, for the tests of other rooms: the same requests, frames, seals and
/// ledger, without sandbox, process or network.
public final class InProcessEnclave: EnclaveCalling {
    /// Decides what happens to a delivery; it gets the code.
    public typealias Delivering = @Sendable (DeliveredCode) async -> DeliveryOutcome
    /// Stands for the captcha's provider.
    public typealias VerifyingCaptcha = @Sendable (VerifyCaptcha) async -> CaptchaOutcome

    /// Stands for what reads the providers' reports.
    public typealias ReadingReports = @Sendable (ReadDeliveryReports) -> DeliveryReportsReading

    /// Stands for the receivers of webhooks.
    public typealias DeliveringWebhook = @Sendable (DeliveredWebhook) async -> WebhookOutcome

    private struct State {
        var core: EnclaveCore
        var isUp = true
    }

    private let state: Mutex<State>
    private let parts: EnclaveParts

    /// - Parameters:
    ///   - masterKey: random if nil; pass the same one to open what another instance sealed.
    ///   - clock: what the enclave takes for the time; a test advances its own.
    ///   - deliver: called for each delivery; without it every delivery is accepted by the inbox.
    ///   - readReports: called for each request of a provider; without it every one is refused.
    ///   - verifyCaptcha: called for each captcha; without it none is configured.
    ///   - anchor: what keeps the heads of logs beyond `restart()`, or why nothing does.
    ///   - deliverWebhook: called for each webhook; without it every receiver answers 204.
    public init(
        masterKey: MasterKey? = nil, clock: any EnclaveClock = SystemEnclaveClock(),
        randomness: any RandomSource = SystemRandomness(), providers: [ConfiguredProvider] = [],
        deliver: @escaping Delivering = { _ in .accepted(provider: "inbox") },
        readReports: @escaping ReadingReports = { _ in .refused },
        verifyCaptcha: @escaping VerifyingCaptcha = { _ in .notConfigured },
        webhookReach: WebhookReach? = WebhookReach(),
        anchor: Result<MemoryAnchor, LogAnchorFault> = .success(MemoryAnchor()),
        deliverWebhook: @escaping DeliveringWebhook = { _ in .answered(status: 204) }
    ) throws(EnclaveError) {
        guard let key = masterKey ?? MasterKey(bytes: randomness.bytes(MasterKey.length)) else {
            throw EnclaveError(.unavailable)
        }
        parts = EnclaveParts(
            masterKeys: MasterKeys(lasting: key, newestKey: key), keeper: MemoryKeeper(key, randomness: randomness),
            clock: clock, randomness: randomness, isolation: .none, providers: providers,
            courier: RecordingCourier(deliver: deliver), reports: PlayedReports(reading: readReports),
            captcha: AnsweringCaptcha(answer: verifyCaptcha),
            webhooks: RecordingWebhooks(deliver: deliverWebhook, reach: webhookReach),
            anchor: anchor.map { $0 })
        state = Mutex(State(core: try EnclaveCore(parts)))
    }

    public var greeting: Greeting? { state.withLock { $0.isUp ? $0.core.greeting : nil } }

    public func call<Request: EnclaveRequest>(_ request: Request) async throws(EnclaveError) -> Request.Reply {
        guard let core = state.withLock({ $0.isUp ? $0.core : nil }) else { throw EnclaveError(.unavailable) }
        let frame: [UInt8]
        do { frame = try request.frame(identifier: 0) } catch { throw EnclaveError(.requestRefused) }
        let answer = await withCheckedContinuation { continuation in
            let slot = AnswerSlot(continuation)
            do { try core.receive(frame.dropFirst(4), answers: slot) } catch { slot.add([]) }
        }
        return try AnswerSlot.decode(Request.Reply.self, from: answer)
    }

    /// Starts anew as a killed process would: another boot, no attempts remembered, no keys loaded.
    public func restart() throws(EnclaveError) {
        let core = try EnclaveCore(parts)
        state.withLock { $0 = State(core: core) }
    }

    /// Answers every call with `unavailable`, as while the process is gone, until `restart()`.
    public func goDown() { state.withLock { $0.isUp = false } }
}

extension IsolationReport {
    /// No wall at all.
    static let none = IsolationReport(
        systemCallFilter: false, networkNamespace: false, noNewPrivileges: false, notDumpable: false,
        memoryLocked: false, separateUser: false)
}
