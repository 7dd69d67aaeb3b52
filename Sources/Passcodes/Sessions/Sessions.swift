import AuditLog
import EnclaveLink
import SealedPasscodes
import Storage
import Workspaces

/// Sessions: opened once per verification token, at most ten alive per user, used only with their key.
public struct Sessions: Sendable {
    /// Live sessions of one user: expired ones go first, then the oldest.
    public static let limit = 10

    let database: any Database
    let enclave: any EnclaveCalling
    let signingKeys: SigningKeys
    let tokens: VerificationTokens
    let users: Users
    let clock: WallClock

    public init(
        database: any Database, enclave: any EnclaveCalling, signingKeys: SigningKeys, tokens: VerificationTokens,
        users: Users, clock: WallClock = .system
    ) {
        self.database = database
        self.enclave = enclave
        self.signingKeys = signingKeys
        self.tokens = tokens
        self.users = users
        self.clock = clock
    }

    /// Opens a session. Uses the token's one login up; of two parallel logins with one token one succeeds.
    /// Throws `tokenRefused`, `tokenUsed`, `userUnknown`.
    public func logIn(_ wish: LoginWish, for caller: PasscodeCaller) async throws(PasscodeError) -> OpenedSession {
        throw .unavailable("not built yet")
    }

    /// Whose key stamped a request: a live session's of the Turnkey flow, or one that the user registered.
    /// Throws `sessionUnknown`.
    public func user(stampedBy key: P256PublicKey, workspace: String) async throws(PasscodeError) -> User {
        throw .unavailable("not built yet")
    }

    /// The live session behind one of our own session tokens, if `proof` shows its key and was not seen before.
    /// Throws `sessionUnknown`, `proofRefused`.
    public func session(
        token: String, proof: String, expectation: PossessionProof.Expectation
    ) async throws(PasscodeError) -> Session {
        throw .unavailable("not built yet")
    }

    /// Ends a session of the same user. Throws `sessionUnknown`.
    public func end(_ id: String, by session: Session, origin: RequestOrigin) async throws(PasscodeError) {
        throw .unavailable("not built yet")
    }
}
