import EnclaveLink
import Storage
import Workspaces

/// The users of the workspaces. A verified contact becomes a user once, however many sign up at the same time.
public struct Users: Sendable {
    let database: any Database
    let tokens: VerificationTokens
    let clock: WallClock

    public init(database: any Database, tokens: VerificationTokens, clock: WallClock = .system) {
        self.database = database
        self.tokens = tokens
        self.clock = clock
    }

    /// Whose contact this is. Uses the token's one look-up up.
    /// Throws `tokenRefused`, `tokenUsed`; `contactMismatch` unless the token is for `contact`.
    public func lookUp(
        _ contact: Contact, token: VerificationToken, flow: SealedFlow, for caller: PasscodeCaller
    ) async throws(PasscodeError) -> User? {
        throw .unavailable("not built yet")
    }

    /// Makes a user of a verified contact. Uses the token's one sign-up up.
    /// Throws `tokenRefused`, `tokenUsed`, `userExists`.
    public func signUp(_ wish: SignUpWish, for caller: PasscodeCaller) async throws(PasscodeError) -> User {
        throw .unavailable("not built yet")
    }
}

/// A wish to become a user.
public struct SignUpWish: Sendable {
    public var token: VerificationToken
    public var flow: SealedFlow
    /// The client's signed message.
    public var message: SignedMessage
    public var name: String
    /// Keys that may stamp requests for the user from now on, beside sessions.
    public var keys: [UserKeyWish]

    public init(
        token: VerificationToken, flow: SealedFlow, message: SignedMessage, name: String, keys: [UserKeyWish] = []
    ) {
        self.token = token
        self.flow = flow
        self.message = message
        self.name = name
        self.keys = keys
    }
}
