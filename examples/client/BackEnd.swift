import CountersignClient

/// A back end that asks the person for the code itself.
struct BackEnd {
    var server: String
    var secretKey: String
    /// `ws_…`
    var workspace: String
    /// Nil where the server's `issuer` is its address.
    var issuer: String?

    func identify(_ contact: String, asking person: Person) async throws -> Identity {
        let countersign = try CountersignClient(
            ClientConfiguration(server: server, credential: .secretKey(secretKey)))
        let identityTokens = countersign.identityTokens(audience: workspace, issuer: issuer)

        _ = try await countersign.passcodes.send(to: contact, application: "Example")
        let token = try await person.answer { code in
            try await countersign.passcodes.verify(code, from: contact)
        }
        let identity = try await identityTokens.verify(token)
        return identity
    }

    /// What an operator of the back end does with a session that was stolen.
    func end(session id: String) async throws {
        let countersign = try CountersignClient(
            ClientConfiguration(server: server, credential: .secretKey(secretKey)))
        try await countersign.sessions.end(id: id)
    }
}
