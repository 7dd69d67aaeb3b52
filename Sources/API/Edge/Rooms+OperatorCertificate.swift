import HTTPServer
import Workspaces

extension Rooms {
    /// What speaks against an operator's key on the connection of a request: the listener asks for client certificates, and
    /// there is none that holds. Nil where nothing does, and over the Unix socket. Keys of other kinds need none.
    func operatorRefusal(_ request: Request) -> WorkspaceError? {
        guard let tls, tls.files.clientAuthorities != nil else { return nil }
        if case .local = request.peer { return nil }
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
