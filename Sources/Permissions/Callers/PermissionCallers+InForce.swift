import Storage
import Workspaces

extension PermissionCallers {
    /// For answers that were waited for. Throws what is wrong with a caller who was let in and since then may not be:
    /// `workspace` with `keyRevoked`, `keyExpired` or `addressNotAllowed`, `notPermitted`, `proofRefused`.
    public func requireInForce(_ caller: PermissionCaller) async throws(PermissionError) {
        let now = clock.now()
        let refusal = try await keys.reading(throwing: PermissionError.self) { transaction -> PermissionError? in
            switch caller {
            case .agent(let agent): try agent.whyNotInForce(at: now, in: transaction)
            case .approver(let approver): try approver.whyNotInForce(at: now, in: transaction)
            case .verifier: nil
            }
        }
        if let refusal { throw refusal }
    }
}
