import EnclaveLink
import Encodings
import Fixtures
import HTTPServer
import JOSE
import SealedPasscodes
import Testing
import Workspaces

/// Somebody who speaks the Turnkey dialect over the wire, and the keys that they hold.
struct TurnkeyParty {
    let server: TestServer
    /// The key that tokens are bound to.
    var client: SealedClient
    /// The key that stamps activities; nil for a visitor of the auth proxy.
    var stamper: SealedClient?
    /// What a request says beside its own headers.
    var headers: [(String, String)] = []
    var peer = Peer.address(ip: "192.0.2.1", port: 1)

    static func backEnd(_ server: TestServer, of workspace: Workspace? = nil) async throws -> Self {
        let stamper = try SealedClient()
        _ = try await server.installation.keys.register(
            stamp: stamper.key, workspace: (workspace ?? server.workspace).id, name: "back end", origin: .system)
        return TurnkeyParty(server: server, client: try SealedClient(), stamper: stamper)
    }

    /// An app, or with an origin a page.
    static func visitor(_ server: TestServer, page: String? = nil) throws -> Self {
        let configuration = WorkspaceUUID.authProxyConfiguration.text(for: server.workspace.id)
        var headers = [("X-Auth-Proxy-Config-ID", configuration)]
        if let page { headers.append(("Origin", page)) }
        return TurnkeyParty(server: server, client: try SealedClient(), stamper: nil, headers: headers)
    }

    var organization: String { WorkspaceUUID.organization.text(for: server.workspace.id) }
    var now: Int64 { server.installation.time.now.unixMilliseconds }

    /// A key as the dialect writes it.
    func hexadecimal(_ client: SealedClient) -> String { client.key.compressedHexadecimal }
}

// MARK: Activities

extension TurnkeyParty {
    static let types = [
        "init_otp": "ACTIVITY_TYPE_INIT_OTP_V3", "verify_otp": "ACTIVITY_TYPE_VERIFY_OTP_V2",
        "otp_login": "ACTIVITY_TYPE_OTP_LOGIN_V2", "stamp_login": "ACTIVITY_TYPE_STAMP_LOGIN",
    ]

    /// A request's body; no two are the same, as two at the same time would be one activity.
    func body(
        _ name: String, _ parameters: String, type: String? = nil, at time: Int64? = nil, organization: String? = nil
    ) -> String {
        """
        {"type":"\(type ?? Self.types[name] ?? "")","timestampMs":"\(time ?? now)",\
        "organizationId":"\(organization ?? self.organization)","parameters":\(parameters),"generateAppProofs":true,\
        "different":"\(RandomIdentifier.hexadecimal(length: 16))"}
        """
    }

    func submit(
        _ name: String, _ parameters: String, type: String? = nil, at time: Int64? = nil, organization: String? = nil
    ) async throws -> TestServer.Answer {
        try await stamped(
            "/public/v1/submit/\(name)",
            body(name, parameters, type: type, at: time, organization: organization))
    }

    func query(_ name: String, _ more: String = "") async throws -> TestServer.Answer {
        try await stamped("/public/v1/query/\(name)", #"{"organizationId":"\#(organization)"\#(more)}"#)
    }

    func stamped(_ path: String, _ body: String) async throws -> TestServer.Answer {
        var all = headers
        if let stamper { all.append(("X-Stamp", try Self.stamp(body, by: stamper))) }
        return await server.call(.POST, path, headers: all, body: body, peer: peer)
    }

    static func stamp(_ body: String, by key: SealedClient) throws -> String {
        header(
            #"{"publicKey":"\#(key.key.compressedHexadecimal)","scheme":"SIGNATURE_SCHEME_TK_API_P256","signature":"\#(try signature(body, by: key))"}"#
        )
    }

    static func attestedStamp(_ body: String, by key: SealedClient, token: String) throws -> String {
        header(
            """
            {"publicKeyAttestation":"\(token)","scheme":"STAMP_ATTESTED_SCHEME_P256_VERIFICATION_TOKEN",\
            "publicKey":"\(key.key.compressedHexadecimal)","signature":"\(try signature(body, by: key))"}
            """)
    }

    static func header(_ json: String) -> String { Base64URL.encode(Array(json.utf8)) }

    static func signature(_ body: String, by key: SealedClient) throws -> String {
        Hexadecimal.encode(try key.sign(body, as: .der).signature)
    }

    /// `stamp_login`: the whole body signed by the token's key.
    func logInByStamp(
        _ token: String, session: SealedClient, more: String = "", organization: String? = nil
    ) async throws -> TestServer.Answer {
        let body = body(
            "stamp_login", #"{"publicKey":"\#(hexadecimal(session))"\#(more)}"#, organization: organization)
        let stamp = try Self.attestedStamp(body, by: client, token: token)
        return await server.call(
            .POST, "/public/v1/submit/stamp_login", headers: headers + [("X-Stamp-Attested", stamp)], body: body,
            peer: peer)
    }
}

// MARK: What both APIs have

extension TurnkeyParty {
    /// A challenge that was started.
    struct Challenge {
        var id: String
        var bundle: String
    }

    /// The members of a result: of an activity's under this name, or of the auth proxy's flat answer.
    func result(_ answer: TestServer.Answer, _ name: String) -> JSONValue? {
        guard stamper != nil else { return answer.json }
        return answer.json?["activity"]?["result"]?[name]
    }

    func initiate(_ contact: String, more: String = "") async throws -> TestServer.Answer {
        let type = contact.contains("@") ? "OTP_TYPE_EMAIL" : "OTP_TYPE_SMS"
        let fields = #""otpType":"\#(type)","contact":"\#(contact)"\#(more)"#
        guard stamper != nil else { return await proxy("otp_init_v2", "{\(fields)}") }
        return try await submit("init_otp", #"{"appName":"Shop",\#(fields)}"#)
    }

    @discardableResult
    func start(_ contact: String = "ada@example.com", more: String = "") async throws -> Challenge {
        let answer = try await initiate(contact, more: more)
        #expect(answer.status == 200, "\(answer.text)")
        let found = result(answer, "initOtpResultV2")
        return Challenge(
            id: try #require(found?["otpId"]?.text), bundle: try #require(found?["otpEncryptionTargetBundle"]?.text))
    }

    /// Seals a code as a client does: first it checks the bundle's signature.
    func seal(_ code: String, to challenge: Challenge, mode: ChallengeMode = .live) throws -> SealedAttempt {
        let content = try TargetBundle(text: challenge.bundle).verified(
            pinned: try server.installation.pinnedKey(mode), challenge: challenge.id, now: now)
        #expect(content.organization == organization)
        return try SealedAttempt.seal(AttemptContent(code: code, publicKey: client.key), to: content.target)
    }

    func attempt(
        _ code: String, at challenge: Challenge, mode: ChallengeMode = .live
    ) async throws -> TestServer.Answer {
        try await verify(challenge.id, seal(code, to: challenge, mode: mode).bundle)
    }

    func verify(_ id: String, _ bundle: String, more: String = "") async throws -> TestServer.Answer {
        let fields = #"{"otpId":"\#(id)","encryptedOtpBundle":\#(JSONText.quoted(bundle))\#(more)}"#
        guard stamper != nil else { return await proxy("otp_verify_v2", fields) }
        return try await submit("verify_otp", fields)
    }

    /// The way to a verification token, as a person who reads the message.
    func prove(_ contact: String = "ada@example.com") async throws -> String {
        let challenge = try await start(contact)
        let answer = try await attempt(try await code(of: challenge), at: challenge)
        return try #require(result(answer, "verifyOtpResult")?["verificationToken"]?.text, "\(answer.text)")
    }

    /// The code in a challenge's message; visitors are answered before it goes out.
    func code(of challenge: Challenge) async throws -> String {
        #expect(await server.installation.challenges.drain(within: .seconds(5)) == 0)
        return try #require(server.installation.mail.messages.last { $0.challenge == challenge.id }?.code)
    }

    /// `otp_login`, by activity or auth proxy.
    func logIn(
        _ token: String, session: SealedClient, message: String? = nil, more: String = ""
    ) async throws -> TestServer.Answer {
        let message = try message ?? loginMessage(token, session: session)
        let fields =
            #"{"verificationToken":"\#(token)","publicKey":"\#(hexadecimal(session))","clientSignature":\#(try clientSignature(message))\#(more)}"#
        guard stamper != nil else { return await proxy("otp_login_v2", fields) }
        return try await submit("otp_login", fields)
    }

    func loginMessage(_ token: String, session: SealedClient) throws -> String {
        #"{"login":{"publicKey":"\#(hexadecimal(session))"},"tokenId":"\#(try Self.claims(token, "id"))","type":"USAGE_TYPE_LOGIN"}"#
    }

    func clientSignature(_ message: String) throws -> String {
        let signature = Hexadecimal.encode(try client.sign(message).signature)
        return """
            {"publicKey":"\(hexadecimal(client))","scheme":"CLIENT_SIGNATURE_SCHEME_API_P256",\
            "message":\(JSONText.quoted(message)),"signature":"\(signature)"}
            """
    }

    /// One claim of a token, unchecked.
    static func claims(_ token: String, _ name: String) throws -> String {
        try #require(VerificationToken(token).claims()[name]?.text)
    }
}

// MARK: Auth proxy

extension TurnkeyParty {
    func proxy(_ name: String, _ body: String, headers more: [(String, String)] = []) async -> TestServer.Answer {
        await server.call(.POST, "/v1/\(name)", headers: headers + more, body: body, peer: peer)
    }

    /// - Parameters:
    ///   - keys: the list of keys in the body.
    ///   - signed: what the client signs instead of the same.
    func signUp(
        _ token: String, keys: String = "[]", signed: String? = nil, more: String = ""
    ) async throws -> TestServer.Answer {
        let content = signed ?? #"{"apiKeys":\#(keys),"authenticators":[],"oauthProviders":[]}"#
        let message =
            #"{"signupV2":\#(content),"tokenId":"\#(try Self.claims(token, "id"))","type":"USAGE_TYPE_SIGNUP"}"#
        return try await signUp(token, message: message, keys: keys, more: more)
    }

    func signUp(_ token: String, message: String, keys: String, more: String = "") async throws -> TestServer.Answer {
        await proxy(
            "signup_v2",
            """
            {"apiKeys":\(keys),"authenticators":[],"oauthProviders":[],"verificationToken":"\(token)",\
            "clientSignature":\(try clientSignature(message))\(more)}
            """)
    }

    func account(_ contact: String, token: String?) async -> TestServer.Answer {
        let type = contact.contains("@") ? "EMAIL" : "PHONE_NUMBER"
        let rest = token.map { #","verificationToken":"\#($0)""# } ?? ""
        return await proxy("account", #"{"filterType":"\#(type)","filterValue":"\#(contact)"\#(rest)}"#)
    }

    /// A user with the contact, made by the auth proxy. The client's key is bound to the token that comes back, which
    /// still serves a login.
    @discardableResult
    func makeUser(_ contact: String = "ada@example.com") async throws -> String {
        var visitor = try Self.visitor(server)
        visitor.client = client
        let token = try await visitor.prove(contact)
        let answer = try await visitor.signUp(token)
        #expect(answer.status == 200, "\(answer.text)")
        return token
    }
}

extension TestServer.Answer {
    /// `turnkeyErrorCode`, which stands at two places.
    var turnkeyError: String? {
        let detail = json?["details"]?.elements?.first
        let name = text("turnkeyErrorCode")
        return detail?["turnkeyErrorCode"]?.text == name ? name : nil
    }

    var attemptsRemaining: Int? {
        json?["details"]?.elements?.first?["attemptsRemaining"]?.double.map { Int($0) }
    }
}
