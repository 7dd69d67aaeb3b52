import Storage
import Workspaces

/// A person who decides what agents ask for, or who stands behind an agent.
public struct Approver: Equatable, Sendable {
    public var workspace: String
    /// `apr_` and 16 random digits.
    public var id: String
    /// 1…100 characters on one line.
    public var name: String
    /// Where one-time codes for the approval page go. One approver of a workspace has it.
    public var address: EmailAddress
    /// False for somebody who decides nothing: their keys open nothing and the page does not let them in.
    public var isActive: Bool
    /// Unix milliseconds.
    public var createdAt: Int64
}

extension Approver {
    /// Reads the columns id, name, address, is_active, created_at.
    init(_ row: Row, workspace: String) throws {
        guard let address = EmailAddress(try row.text(2)) else {
            throw PermissionError.unavailable("an approver's address cannot be read")
        }
        self.init(
            workspace: workspace, id: try row.text(0), name: try row.text(1), address: address,
            isActive: try row.integer(3) == 1, createdAt: try row.integer(4))
    }

    /// By identifier, or by address in any case.
    static func find(
        named name: String, workspace: String, in transaction: any Transaction
    ) throws -> Approver? {
        try transaction.row(
            """
            SELECT id, name, address, is_active, created_at FROM approver
            WHERE workspace = $1 AND (id = $2 OR address = $3)
            """, [.text(workspace), .text(name), .text(EmailAddress(name)?.text ?? "")]
        ).map { try Approver($0, workspace: workspace) }
    }
}
