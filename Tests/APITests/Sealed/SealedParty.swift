import EnclaveLink
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Testing
import Workspaces

/// Somebody who uses our own sealed API over the wire, and the key that it holds.
struct SealedParty {
    let server: TestServer
    var client: SealedClient
    /// Nil for a visitor.
    var key: String?
    /// What a request says beside its own headers.
    var headers: [(String, String)] = []
    var peer = Peer.address(ip: "192.0.2.1", port: 1)

    /// A back end, with the live key unless told otherwise.
    static func backEnd(_ server: TestServer, key: String? = nil) throws -> Self {
        SealedParty(server: server, client: try SealedClient(), key: key ?? server.live)
    }

    /// An app, or with an origin a page.
    static func visitor(_ server: TestServer, page: String? = nil) throws -> Self {
        let configuration = WorkspaceUUID.authProxyConfiguration.text(for: server.workspace.id)
        var headers = [("X-Countersign-Config", configuration)]
        if let page { headers.append(("Origin", page)) }
        return SealedParty(server: server, client: try SealedClient(), key: nil, headers: headers)
    }

    static let address = Installation.issuer
    var now: Int64 { server.installation.time.now.unixMilliseconds }

    func call(
        _ method: HTTPMethod, _ path: String, headers more: [(String, String)] = [], body: String = ""
    ) async -> TestServer.Answer {
        await server.call(method, path, key: key, headers: headers + more, body: body, peer: peer)
    }

    func start(_ contact: String = "ada@example.com", headers more: [(String, String)] = []) async
        -> TestServer.Answer
    {
        await call(.POST, "/v1/challenges", headers: more, body: #"{"contact":"\#(contact)"}"#)
    }

    /// Seals a code to an answered challenge, as its client does: first it checks the signature.
    func seal(_ code: String, to challenge: TestServer.Answer, mode: ChallengeMode = .live) throws -> SealedAttempt {
        let target = try TargetToken(
            try #require(challenge.text("target")), pinned: try server.installation.pinnedKey(mode),
            challenge: try #require(challenge.text("id")), now: now)
        return try SealedAttempt.seal(
            AttemptContent(code: code, publicKey: client.key), to: target.content.target)
    }

    func attempt(_ sealed: SealedAttempt, at challenge: TestServer.Answer) async -> TestServer.Answer {
        let key = Base64URL.encode(sealed.encapsulatedKey.uncompressed)
        return await call(
            .POST, "/v1/challenges/\(challenge.text("id") ?? "")/attempts",
            body: #"{"encapsulated_key":"\#(key)","ciphertext":"\#(Base64URL.encode(sealed.ciphertext))"}"#)
    }

    func attempt(_ code: String, at challenge: TestServer.Answer, mode: ChallengeMode = .live) async throws
        -> TestServer.Answer
    {
        await attempt(try seal(code, to: challenge, mode: mode), at: challenge)
    }

    /// The way to a verification token, as a person who reads the message.
    func prove(_ contact: String = "ada@example.com") async throws -> String {
        let challenge = await start(contact)
        let code = try await server.code(of: challenge)
        return try #require(try await attempt(code, at: challenge).text("verification_token"))
    }

    func proof(
        _ method: String, _ path: String, token: String? = nil, at time: Int64? = nil, address: String = address,
        identifier: String = RandomIdentifier.hexadecimal(length: 16)
    ) throws -> String {
        try client.possession(
            method: method, address: address + path, token: token, identifier: identifier, now: time ?? now)
    }

    func logIn(_ verification: String, proof: String? = nil, more: String = "") async throws -> TestServer.Answer {
        let proof = try proof ?? self.proof("POST", "/v1/sessions", token: verification)
        return await call(
            .POST, "/v1/sessions", headers: [("DPoP", proof)],
            body: #"{"verification_token":"\#(verification)"\#(more)}"#)
    }

    /// A session from the first message on.
    func openSession(_ contact: String = "ada@example.com") async throws -> OpenSession {
        OpenSession(answer: try await logIn(prove(contact)))
    }

    /// A request in a session: without the workspace's own credentials.
    func inSession(
        _ method: HTTPMethod, _ path: String, _ token: String, proof: String? = nil,
        headers more: [(String, String)] = []
    ) async throws -> TestServer.Answer {
        let proof = try proof ?? self.proof(method.rawValue, path, token: token)
        return await server.call(
            method, path, headers: [("Authorization", "DPoP \(token)"), ("DPoP", proof)] + more, peer: peer)
    }

    func me(_ session: OpenSession, proof: String? = nil) async throws -> TestServer.Answer {
        try await inSession(.GET, "/v1/sessions/me", session.token, proof: proof)
    }
}

/// What opening a session answered.
struct OpenSession {
    let answer: TestServer.Answer

    var id: String { answer.json?["session"]?["id"]?.text ?? "" }
    var token: String { answer.text("session_token") ?? "" }
    var user: String { answer.json?["user"]?["id"]?.text ?? "" }
    var isNewUser: Bool { answer.json?["user"]?["created"] == .boolean(true) }
}

extension TestServer {
    /// The code in the message that an answered challenge was sent with; visitors are answered before it is.
    func code(of challenge: Answer) async throws -> String {
        #expect(await installation.challenges.drain(within: .seconds(60)) == 0)
        let id = try #require(challenge.text("id"))
        return try #require(installation.mail.messages.last { $0.challenge == id }?.code)
    }
}
