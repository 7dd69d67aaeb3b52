import EnclaveLink
import Workspaces

/// A wish to become a user.
public struct SignUpWish: Sendable {
    /// Keys that one sign-up may register.
    public static let keyLimit = 10

    public var token: VerificationToken
    public var flow: SealedFlow
    /// The client's signed message.
    public var message: SignedMessage
    /// The contact that the client names; nil where it names none. The one that counts is the token's.
    public var contact: Contact?
    public var name: String
    /// Keys that may stamp requests for the user from now on, beside sessions.
    public var keys: [UserKeyWish]

    public init(
        token: VerificationToken, flow: SealedFlow, message: SignedMessage, contact: Contact? = nil, name: String,
        keys: [UserKeyWish] = []
    ) {
        self.token = token
        self.flow = flow
        self.message = message
        self.contact = contact
        self.name = name
        self.keys = keys
    }

    /// Throws `workspace` with `invalidSetting` for a name or key that cannot be stored.
    func check() throws(PasscodeError) {
        guard ([name] + keys.map(\.name)).allSatisfy(RecordName.isValid) else {
            throw .workspace(.invalidSetting("a name must have at most 100 characters and no control characters"))
        }
        guard keys.count <= Self.keyLimit, Set(keys.map(\.key)).count == keys.count else {
            throw .workspace(.invalidSetting("at most \(Self.keyLimit) keys can be registered, each once"))
        }
        guard keys.compactMap(\.lifetime).allSatisfy(UserKeyWish.lifetimes.contains) else {
            throw .workspace(.invalidSetting("a key's life must be \(UserKeyWish.lifetimes) seconds"))
        }
    }
}
