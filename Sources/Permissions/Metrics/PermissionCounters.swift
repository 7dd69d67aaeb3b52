import Synchronization

/// What happened since this process started, for Prometheus.
public final class PermissionCounters: Sendable {
    /// Something that is counted.
    public enum Event: Hashable, Sendable, CaseIterable {
        case requestApproved, requestDenied, requestPending
        case approval(ApprovalChannel)
        case denial(ApprovalChannel)
        case tokenIssued, tokenUsed, tokenUnused
        case failedAuthentication
        /// A good key, from an address or for something that it is not for.
        case keyRefusedByAddress, keyRefusedByAbility

        public static var allCases: [Event] {
            [.requestApproved, .requestDenied, .requestPending]
                + ApprovalChannel.allCases.flatMap { [.approval($0), .denial($0)] }
                + [
                    .tokenIssued, .tokenUsed, .tokenUnused, .failedAuthentication, .keyRefusedByAddress,
                    .keyRefusedByAbility,
                ]
        }
    }

    private let counts = Mutex<[Event: Int]>([:])

    public init() {}

    /// All counts, those that are 0 included.
    public var snapshot: [Event: Int] {
        let counts = counts.withLock { $0 }
        return Dictionary(uniqueKeysWithValues: Event.allCases.map { ($0, counts[$0] ?? 0) })
    }

    func add(_ event: Event, _ count: Int = 1) { counts.withLock { $0[event, default: 0] += count } }
}
