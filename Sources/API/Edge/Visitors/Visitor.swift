import AuditLog
import EnclaveLink
import HTTPServer
import Passcodes
import Workspaces

/// A browser or an app that asks without a key of the workspace's: whoever knows the workspace's configuration
/// identifier, which is public.
struct Visitor: Sendable {
    var workspace: Workspace
    /// The origin of the page that asks, one that is let in; nil for an app.
    var page: String?
    var origin: RequestOrigin
    /// The visitor's network, as limits name it; nil over the Unix socket.
    var network: String?
    /// The visitor's address without port, nil over the Unix socket.
    var address: String?

    /// Throws `VisitorRefusal.pageNotAllowed`.
    init(_ request: Request, of workspace: Workspace, in rooms: Rooms) throws(VisitorRefusal) {
        page = try rooms.page(of: request, in: workspace)
        self.workspace = workspace
        origin = RequestOrigin(
            principal: .visitor, request: request.identifier.description, address: request.peer.description)
        network = request.peer.network
        if case .address(let ip, _) = request.peer { address = ip }
    }

    /// The visitor as the rooms know callers.
    var caller: PasscodeCaller {
        PasscodeCaller(workspace: workspace, mode: workspace.sealedMode, origin: origin, network: network)
    }
}

/// Why a visitor was not let in.
enum VisitorRefusal: Error, Equatable {
    /// The header that names the workspace's configuration is missing or comes twice.
    case configurationMissing
    /// No workspace has this configuration, or its auth proxy is off.
    case configurationUnknown
    /// The workspace does not list the page's origin.
    case pageNotAllowed
    /// The captcha token comes twice or is longer than any.
    case malformedCaptchaToken
}
