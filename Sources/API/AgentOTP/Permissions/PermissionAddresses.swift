import Permissions

/// Where people decide about a permission, and where its changes are told.
struct PermissionAddresses {
    let issuer: Issuer

    /// `approvalUrl`: the page for whoever decides.
    func approval(of permission: Permission) -> String { "\(issuer.address)/approve/\(permission.id)" }

    /// `webhookUrl`: a WebSocket, as clients of the dialect open one.
    func changes(of permission: Permission) -> String {
        let scheme = issuer.address.hasPrefix("https:") ? "wss" : "ws"
        let rest = issuer.address.split(separator: ":", maxSplits: 1).last ?? ""
        return "\(scheme):\(rest)/ws/\(permission.id)"
    }
}
