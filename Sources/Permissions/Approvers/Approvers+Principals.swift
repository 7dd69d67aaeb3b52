import AuditLog
import Storage
import Workspaces

extension Approvers {
    /// What the approver with an address acts as: themselves, and each key that they have or had. Empty where nobody has it.
    /// Throws `unavailable`.
    public func principals(
        of address: EmailAddress, workspace: String
    ) async throws(PermissionError) -> [Principal] {
        try await database.read(throwing: PermissionError.self) { transaction in
            guard let approver = try Approver.find(named: address.text, workspace: workspace, in: transaction) else {
                return []
            }
            let held = try keys.keys(of: approver.id, workspace: workspace, in: transaction)
            return [.approver(approver.id)] + held.map { .key($0.id) }
        }
    }
}
