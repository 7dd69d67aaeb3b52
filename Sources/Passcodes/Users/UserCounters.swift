import EnclaveLink
import Synchronization

/// What became of verification tokens, users and sessions of live keys since this process started, for Prometheus.
public final class UserCounters: Sendable {
    /// Something that is counted.
    public enum Event: Hashable, Sendable {
        /// A verification token was used.
        case used(VerificationTokens.Use)
        /// A verification token was not accepted for a use, or the use was not possible.
        case failed(VerificationTokens.Use)
        /// A contact became a user, by a sign-up or by a login.
        case userMade
        /// Sessions: opened, ended before their time, and ended because newer ones took their places.
        case sessionOpened, sessionEnded, sessionEvicted
    }

    private let counts = Mutex<[Event: Int]>([:])

    public subscript(event: Event) -> Int { counts.withLock { $0[event] ?? 0 } }

    func add(_ event: Event, of mode: ChallengeMode, _ count: Int = 1) {
        guard mode == .live, count > 0 else { return }
        counts.withLock { $0[event, default: 0] += count }
    }

    /// Counts what becomes of a use.
    func counting<Value>(
        _ use: VerificationTokens.Use, of mode: ChallengeMode, _ body: () async throws(PasscodeError) -> Value
    ) async throws(PasscodeError) -> Value {
        do throws(PasscodeError) {
            let value = try await body()
            add(.used(use), of: mode)
            return value
        } catch {
            add(.failed(use), of: mode)
            throw error
        }
    }
}
