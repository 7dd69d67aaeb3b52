import Foundation

/// Sessions: opened once per verification, used only with the client key (RFC 9449).
public struct Sessions: Sendable {
    let connection: Connection

    /// Opens a session, and makes the user where the contact has none yet.
    ///
    /// Never sent again by itself once the server may have got it: one verification opens one session.
    /// - Parameters:
    ///   - key: the one that the code was sealed with.
    ///   - endsOthers: ends the user's other sessions.
    /// - Throws: `wrongKey`; `refused` with `verificationTokenUsed`, `verificationTokenExpired`, `invalidProof`; the
    ///   network's errors.
    public func open(
        _ verification: Verification, key: some ClientKey, endsOthers: Bool = false
    ) async throws(CountersignError) -> Session {
        try verification.check(key)
        let wish = OpenWish(verificationToken: verification.token, invalidateExisting: endsOthers ? true : nil)
        var call = Call.once("/v1/sessions", Wire.snakeCase.encode(wish))
        let url = try connection.address.url(call.path)
        call.headers = { [connection] () async throws(CountersignError) in
            // The proof names the verification token, so that it opens no session with another one.
            let proof = try await key.possessionProof(
                method: "POST", url: url, token: verification.token, in: connection.surroundings)
            return ["DPoP": proof]
        }
        let answer = try Wire.snakeCase.decode(OpenAnswer.self, from: try await connection.response(to: call))
        guard answer.tokenType.lowercased() == "dpop" else {
            throw .answerUnreadable("The session token is of another type.")
        }
        return Session(
            id: answer.session.id, token: answer.sessionToken, expiresAt: answer.session.expiresAt,
            user: Session.User(id: answer.user.id, isNew: answer.user.created ?? false),
            keyThumbprint: verification.keyThumbprint)
    }

    /// The session as the server sees it.
    /// - Throws: `wrongKey`; `refused` with `invalidToken` where it has ended; the network's errors.
    public func current(_ session: Session, key: some ClientKey) async throws(CountersignError) -> SessionState {
        let call = try proven(.get("/v1/sessions/me"), session, key)
        let answer = try Wire.snakeCase.decode(CurrentAnswer.self, from: try await connection.response(to: call))
        return SessionState(id: answer.session.id, user: answer.user.id, expiresAt: answer.session.expiresAt)
    }

    /// Ends a session; the one that asks unless another of the same user is named.
    /// - Throws: `wrongKey`; `refused`; the network's errors.
    public func end(
        _ session: Session, key: some ClientKey, other id: String? = nil
    ) async throws(CountersignError) {
        _ = try await connection.response(to: try proven(Self.ending(id ?? session.id), session, key))
    }

    /// Ends any session of the workspace. Needs a secret key.
    /// - Throws: `refused`; the network's errors.
    public func end(id: String) async throws(CountersignError) {
        _ = try await connection.response(to: Self.ending(id))
    }

    /// `Authorization` and `DPoP` for one request to a service that takes this server's sessions. Good for that method
    /// and address, for a minute, once.
    /// - Throws: `wrongKey`, `keyUnavailable`; `insecureAddress` for plain HTTP to another machine.
    public func headers(
        method: String, url: URL, session: Session, key: some ClientKey
    ) async throws(CountersignError) -> [String: String] {
        try session.check(key)
        try ServerAddress.check(url)
        let proof = try await key.possessionProof(
            method: method, url: url, token: session.token, in: connection.surroundings)
        return ["Authorization": "DPoP \(session.token.reveal())", "DPoP": proof]
    }

    /// A second end would be told that there is no such session.
    private static func ending(_ id: String) -> Call {
        Call(method: "DELETE", path: "/v1/sessions/\(PathSegment.encode(id))", repetition: .onlyBeforeArrival)
    }

    private func proven(
        _ call: Call, _ session: Session, _ key: some ClientKey
    ) throws(CountersignError) -> Call {
        let url = try connection.address.url(call.path)
        var call = call
        call.isAuthenticated = false
        call.headers = { [self, method = call.method] () async throws(CountersignError) in
            try await headers(method: method, url: url, session: session, key: key)
        }
        return call
    }

    private struct OpenWish: Encodable {
        var verificationToken: Secret
        var invalidateExisting: Bool?
    }

    private struct Described: Decodable {
        var id: String
        var expiresAt: Date
    }

    private struct OpenAnswer: Decodable {
        struct User: Decodable {
            var id: String
            var created: Bool?
        }
        var session: Described
        var sessionToken: Secret
        var tokenType: String
        var user: User
    }

    private struct CurrentAnswer: Decodable {
        struct User: Decodable {
            var id: String
        }
        var session: Described
        var user: User
    }
}
