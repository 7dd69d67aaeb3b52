import HTTPServer
import Workspaces

extension Rooms {
    /// What speaks against an operator's key on the connection of a request: it comes from an address that the
    /// configuration does not name, or the listener asks for client certificates, and there is none that holds. Nil where
    /// nothing does, and over the Unix socket. Keys of other kinds are not asked for that.
    func operatorRefusal(_ request: Request) -> WorkspaceError? {
        if case .local = request.peer { return nil }
        guard operatorAddresses.admits(request.peer.ip) else { return .addressNotAllowed() }
        guard let tls, tls.files.clientAuthorities != nil else { return nil }
        switch request.transport.clientCertificate {
        case .verified: return nil
        case .refused(let reason):
            return .certificateRequired(
                "The client certificate that an operator's key needs here does not hold: \(reason).")
        case nil:
            return .certificateRequired("An operator's key works here only with a client certificate (mutual TLS).")
        }
    }
}
