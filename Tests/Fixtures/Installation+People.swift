import EnclaveLink
import Passcodes
import SealedPasscodes
import Workspaces

/// A verification token and the client that holds its key.
public struct Verified: Sendable {
    public var token: VerificationToken
    public var flow: SealedFlow
    public var client: SealedClient

    public init(token: VerificationToken, flow: SealedFlow, client: SealedClient) {
        self.token = token
        self.flow = flow
        self.client = client
    }
}

extension Installation {
    public static let person = "person@example.com"
    public static let sessionsAddress = issuer + "/v1/sessions"

    /// A workspace that lets tests send as much as they like.
    public func unlimitedWorkspace() async throws -> Workspace {
        try await workspace {
            $0.cooldownSeconds = 0
            $0.recipientLimit = 0
        }
    }

    /// Proves a contact: everything up to the verification token.
    public func prove(
        _ workspace: Workspace, contact: String = person, flow: SealedFlow = .turnkey, mode: ChallengeMode = .live
    ) async throws -> Verified {
        let client = try SealedClient()
        let token = try await verificationToken(workspace, contact: contact, flow: flow, mode: mode, client: client)
        return Verified(token: token, flow: flow, client: client)
    }

    /// Signs up as a client does.
    @discardableResult
    public func signUp(
        _ verified: Verified, _ workspace: Workspace, mode: ChallengeMode = .live, name: String = "",
        keys: [UserKeyWish] = []
    ) async throws -> User {
        let message = try verified.client.signUp(tokenIdentifier: verified.token.identifier())
        return try await users.signUp(
            SignUpWish(token: verified.token, flow: verified.flow, message: message, name: name, keys: keys),
            for: caller(workspace, mode))
    }

    /// Looks a contact up with a token.
    public func lookUp(
        _ verified: Verified, _ workspace: Workspace, contact: String = person, mode: ChallengeMode = .live
    ) async throws -> User? {
        try await users.lookUp(
            try Contact(contact), token: verified.token, flow: verified.flow, for: caller(workspace, mode))
    }

    /// Logs in as a client of the token's flow does: in the dialect with a signed message and a fresh session key, in
    /// our own with a proof of possession and the token's own key.
    @discardableResult
    public func logIn(
        _ verified: Verified, _ workspace: Workspace, mode: ChallengeMode = .live, signsUp: Bool = true,
        _ change: (inout LoginWish) -> Void = { _ in }
    ) async throws -> OpenedSession {
        var wish = try loginWish(verified, sessionKey: SealedClient().key)
        wish.signsUp = signsUp
        change(&wish)
        return try await sessions.logIn(wish, for: caller(workspace, mode))
    }

    public func loginWish(_ verified: Verified, sessionKey: P256PublicKey) throws -> LoginWish {
        let proof: LoginProof
        switch verified.flow {
        case .turnkey:
            proof = .message(
                try verified.client.login(sessionKey: sessionKey, tokenIdentifier: verified.token.identifier()))
        case .countersign:
            let text = try verified.client.possession(
                method: "POST", address: Self.sessionsAddress, token: verified.token.value,
                now: time.now.unixMilliseconds)
            proof = .possession(text, method: "POST", addresses: [Self.sessionsAddress])
        }
        return LoginWish(
            token: verified.token, flow: verified.flow, proof: proof,
            sessionKey: verified.flow == .turnkey ? sessionKey : verified.client.key, lifetime: nil,
            invalidatesExisting: false, signsUp: true)
    }

    /// How many rows a table has.
    public func count(_ table: CountedTable) async throws -> Int {
        try await database.read { transaction in
            let row =
                switch table {
                case .users: try transaction.row("SELECT COUNT(*) FROM user_account", [])
                case .contacts: try transaction.row("SELECT COUNT(*) FROM user_contact", [])
                case .keys: try transaction.row("SELECT COUNT(*) FROM user_key", [])
                case .sessions: try transaction.row("SELECT COUNT(*) FROM user_session", [])
                case .tokenUses: try transaction.row("SELECT COUNT(*) FROM token_use", [])
                }
            return Int(try row?.integer(0) ?? 0)
        }
    }

    public enum CountedTable: Sendable {
        case users, contacts, keys, sessions, tokenUses
    }
}

/// Runs `work` as `count` tasks at the same time, and returns the errors' codes; nil for each success.
public func race(
    _ count: Int, _ work: @escaping @Sendable (Int) async throws -> Void
) async throws -> [PasscodeError.Code?] {
    try await withThrowingTaskGroup(of: PasscodeError.Code?.self) { group in
        for position in 0..<count {
            group.addTask {
                do {
                    try await work(position)
                    return nil
                } catch let error as PasscodeError {
                    return error.code
                }
            }
        }
        return try await group.reduce(into: []) { $0.append($1) }
    }
}
