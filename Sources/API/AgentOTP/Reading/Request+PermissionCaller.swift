import AuditLog
import HTTPServer
import Permissions
import Workspaces

extension Request {
    /// The key of an agent, an approver or a verifier: `Authorization: Bearer …` with the scheme in any case, the bare key
    /// in `Authorization`, or `X-API-Key`. Nil where none was sent; empty, which is no key, where the headers contradict
    /// each other: two readers might not agree which one counts.
    var presentedAgentKey: String? {
        let authorizations = headers.values("Authorization")
        let others = headers.values("X-API-Key")
        guard authorizations.count + others.count > 0 else { return nil }
        guard authorizations.count <= 1, others.count <= 1 else { return "" }
        guard let authorization = authorizations.first.map(Self.key(in:)) else { return others.first }
        return others.isEmpty || others[0] == authorization ? authorization : ""
    }

    /// With or without a scheme: the clients of the dialect send both.
    private static func key(in authorization: String) -> String {
        let parts = authorization.split(separator: " ", omittingEmptySubsequences: false)
        if parts.count == 1 { return authorization }
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : ""
    }
}

extension Rooms {
    /// Who calls. Over the Unix socket a request without a key is an operator's, of the workspace that the socket's
    /// caller names. Throws what `PermissionCallers.authenticate` throws.
    func permissionCaller(of request: Request) async throws -> PermissionCaller {
        let key = request.presentedAgentKey
        if key == nil, case .local(let user) = request.peer {
            let caller = try await identify(localUser: user, request)
            return .approver(
                ApproverCaller(
                    workspace: caller.workspace, role: .operator, person: nil, channel: .command, origin: caller.origin)
            )
        }
        let proofs = request.headers.values("DPoP")
        return try await permissions.callers.authenticate(
            PresentedCredentials(
                key: PresentedKey(text: key, fromBrowser: request.isFromBrowser, address: request.peer.ip),
                proof: proofs.count == 1 ? proofs[0] : nil, method: request.method.rawValue,
                addresses: issuer.addresses.map { $0 + request.path }, peer: RequestPeer(request),
                operatorRefusal: operatorRefusal(request)))
    }
}

extension RequestPeer {
    /// As the server saw it: what a forwarding field says counts only where a trusted proxy sent it.
    init(_ request: Request) {
        self.init(
            address: request.peer.ip, network: request.peer.network, name: request.peer.description,
            request: request.identifier.description, userAgent: request.headers["User-Agent"] ?? "")
    }
}
