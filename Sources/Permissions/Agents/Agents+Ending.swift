import AuditLog
import Storage
import Workspaces

extension Agents {
    /// Ends what stops left open that were interrupted: to be called now and then. Nobody can use any of it meanwhile.
    public func endStopped() async throws(PermissionError) { try await endings.endStopped() }

    /// A unit of work that may stop agents or keys, and after it the end of all that they were permitted.
    func stopping<Value: Sendable>(
        in workspace: String, origin: RequestOrigin, _ work: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws(PermissionError) -> Value {
        // What an earlier stop left open is not this one's doing.
        await endStopped(in: workspace, origin: .system)
        let value = try await changing(work)
        await endStopped(in: workspace, origin: origin)
        return value
    }

    /// A unit of work after which nobody is known as before.
    func changing<Value: Sendable>(
        _ work: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws(PermissionError) -> Value {
        defer { known.forgetAll() }
        return try await keys.changing(throwing: PermissionError.self, work)
    }

    /// Ends what agents' keys opened that were stopped in a workspace. The stop counts already: what a failure leaves open
    /// is ended by `endStopped`.
    public func endStopped(in workspace: String, origin: RequestOrigin) async {
        _ = try? await endings.endStopped(in: workspace, origin: origin)
    }

    /// Throws `unavailable` while something is open that must not come back to life when agents work again.
    func requireEnded(of agent: String? = nil, in workspace: String, _ transaction: any Transaction) throws {
        guard try endings.stopped(in: workspace, of: agent, in: transaction).isEmpty else {
            throw PermissionError.unavailable("what agents were permitted before is still being ended")
        }
    }
}
