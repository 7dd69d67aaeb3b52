import Foundation

/// What the dialect wraps every answer in.
struct Envelope<Content: Decodable>: Decodable {
    var data: Content
}

extension Permissions {
    struct RequestBody: Encodable {
        var action: String
        var resource: String?
        var scope: [String: PermissionValue]
        var context: [String: PermissionValue]
        var ttl: Int
    }

    struct TokenBody: Encodable {
        var token: Secret
        var actionDetails: [String: PermissionValue]?
    }

    struct RevokeBody: Encodable {
        var reason: String?
    }

    struct PermissionAnswer: Decodable {
        var id: String
        var status: Permission.Status
        var token: Secret?
        var scope: [String: PermissionValue]?
        var reason: String?
        var approvalUrl: String?
        var matchNumber: String?
        var expiresAt: Date

        var permission: Permission {
            Permission(
                id: id, status: status, token: token, scope: scope ?? [:], reason: reason,
                approvalAddress: approvalUrl.flatMap { URL(string: $0) }, matchNumber: matchNumber,
                expiresAt: expiresAt)
        }
    }

    struct CheckAnswer: Decodable {
        var valid: Bool
        var scope: [String: PermissionValue]?
        var usesRemaining: Int?
        var expiresAt: Date?
        var reason: String?
    }

    struct UseAnswer: Decodable {
        var success: Bool
        var usesRemaining: Int
        var reason: String?
    }

    struct RevokeAnswer: Decodable {
        var success: Bool
    }
}
