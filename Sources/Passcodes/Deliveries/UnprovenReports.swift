import EnclaveLink
import Workspaces

/// Bounds the work that a network makes by requests that claim to be delivery reports: those that a provider signed are
/// free, the others are counted, and whoever has sent too many of them waits before the enclave is asked again.
struct UnprovenReports: Sendable {
    /// A minute.
    static let limit = 600
    /// Networks that are remembered, at most.
    private static let capacity = 100_000

    private let rates = MinuteRates(capacity: capacity)

    /// Has a report read, which counts until it is proven.
    ///
    /// - Parameter network: as limits name it; nil over the Unix socket, where nothing is counted.
    /// - Throws: a limit of the workspace's kind, which says how long to wait, and what `read` throws.
    func reading(
        from network: String?, now: Int64, _ read: () async throws(PasscodeError) -> DeliveryReportsReading
    ) async throws(PasscodeError) -> DeliveryReportsReading {
        guard let network else { return try await read() }
        let taking = rates.take(of: network, limit: Self.limit, now: now)
        guard taking.isTaken else {
            let policy = RateLimitPolicy(name: "delivery-reports", uses: Self.limit, seconds: 60)
            throw .workspace(.requestsLimited(from: "network", policy: policy, retryAfter: taking.wait))
        }
        do {
            let found = try await read()
            if found != .refused { rates.giveBack(of: network, limit: Self.limit) }
            return found
        } catch {
            // Nobody looked at its proof.
            rates.giveBack(of: network, limit: Self.limit)
            throw error
        }
    }
}
