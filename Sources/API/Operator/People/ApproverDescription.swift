import Permissions

/// A person who decides, on the wire of the operator's API; times are RFC 3339.
public struct ApproverDescription: Codable, Sendable {
    public var id: String
    public var name: String
    /// Where one-time codes for the approval page go.
    public var address: String
    /// False for somebody who decides nothing.
    public var isActive: Bool
    public var createdAt: String

    enum CodingKeys: String, CodingKey {
        case id, name, address
        case isActive = "is_active"
        case createdAt = "created_at"
    }

    init(_ approver: Approver) {
        id = approver.id
        name = approver.name
        address = approver.address.text
        isActive = approver.isActive
        createdAt = WireTime.text(approver.createdAt)
    }
}

/// What `GET /v1/approvers` answers.
public struct ApproverListing: Codable, Sendable {
    public var approvers: [ApproverDescription]
}
