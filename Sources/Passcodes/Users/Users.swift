import AuditLog
import EnclaveLink
import Storage
import Workspaces

/// The users of the workspaces. A verified contact becomes a user once, however many sign up at the same time.
public struct Users: Sendable {
    let database: any Database
    let tokens: VerificationTokens
    let clock: WallClock
    let audit: AuditTrail
    /// Of these users and their sessions.
    public let counters = UserCounters()

    public init(
        database: any Database, audit: AuditTrail, tokens: VerificationTokens, clock: WallClock = .system
    ) {
        self.database = database
        self.audit = audit
        self.tokens = tokens
        self.clock = clock
    }

    /// Whose contact this is. Uses the token's one look-up up.
    /// Throws `tokenRefused`, `tokenUsed`; `contactMismatch` unless the token is for `contact`.
    public func lookUp(
        _ contact: Contact, token: VerificationToken, flow: SealedFlow, for caller: PasscodeCaller
    ) async throws(PasscodeError) -> User? {
        let caller = caller.inSealedFlow
        try caller.requireActive()
        return try await counters.counting(.lookUp, of: caller.mode) { () async throws(PasscodeError) in
            try await find(contact, token: token, flow: flow, for: caller)
        }
    }

    private func find(
        _ contact: Contact, token: VerificationToken, flow: SealedFlow, for caller: PasscodeCaller
    ) async throws(PasscodeError) -> User? {
        let client = try await tokens.check(token, flow: flow, for: caller)
        guard client.contact == contact.address else { throw .contactMismatch() }
        let workspace = caller.workspace.id
        let person = try tokens.enclave.person(client.contact, workspace: workspace)
        let now = clock.now()
        return try await database.write(throwing: PasscodeError.self) { transaction in
            try tokens.take(.lookUp, of: client, workspace: workspace, in: transaction)
            let user = try User.find(contact: person.digest, mode: caller.mode, workspace: workspace, in: transaction)
            try audit.append(
                AuditEntry(
                    workspace: workspace, time: now, action: .userLookedUp, record: user?.id ?? client.token,
                    origin: caller.origin, subject: person, detail: user == nil ? "none" : "found"), in: transaction)
            return user
        }
    }

    /// Makes a user of a verified contact. Uses the token's one sign-up up.
    /// Throws `tokenRefused`, `tokenUsed`, `contactMismatch`, `userExists`; `workspace` with `invalidSetting` for a name or key that cannot
    /// be stored, or a key with which another user stamps.
    public func signUp(_ wish: SignUpWish, for caller: PasscodeCaller) async throws(PasscodeError) -> User {
        try wish.check()
        let caller = caller.inSealedFlow
        try caller.requireActive()
        let user = try await counters.counting(.signUp, of: caller.mode) { () async throws(PasscodeError) in
            try await make(wish, for: caller)
        }
        counters.add(.userMade, of: caller.mode)
        return user
    }

    private func make(_ wish: SignUpWish, for caller: PasscodeCaller) async throws(PasscodeError) -> User {
        let client = try await tokens.check(wish.token, flow: wish.flow, signUp: wish.message, for: caller)
        if let contact = wish.contact, contact.address != client.contact { throw .contactMismatch() }
        let workspace = caller.workspace.id
        let person = try tokens.enclave.person(client.contact, workspace: workspace)
        let user = fresh(named: wish.name, mode: caller.mode)
        try await database.write(throwing: PasscodeError.self) { transaction in
            try tokens.take(.signUp, of: client, workspace: workspace, in: transaction)
            try insert(user, person, flow: wish.flow, caller: caller, in: transaction)
            for key in wish.keys {
                guard try key.insert(for: user, workspace: workspace, now: user.createdAt, in: transaction) else {
                    throw PasscodeError.keyTaken()
                }
            }
        }
        return user
    }

    /// A user that is not stored yet.
    func fresh(named name: String = "", mode: ChallengeMode) -> User {
        User(id: RandomIdentifier.uuid(), mode: mode, name: name, createdAt: clock.now())
    }

    /// Throws `userExists`.
    func insert(
        _ user: User, _ person: AuditSubject, flow: SealedFlow, caller: PasscodeCaller, in transaction: any Transaction
    ) throws {
        let workspace = caller.workspace.id
        guard try user.insert(contact: person.digest, workspace: workspace, in: transaction) else {
            throw PasscodeError.userExists()
        }
        try audit.append(
            AuditEntry(
                workspace: workspace, time: user.createdAt, action: .userSignedUp, record: user.id,
                origin: caller.origin, subject: person,
                detail: "\(user.mode.rawValue) \(flow.rawValue)"), in: transaction)
    }
}

extension PasscodeError {
    /// A stamp must say who stamped.
    static func keyTaken(file: String = #fileID, line: Int = #line) -> Self {
        .workspace(
            .invalidSetting("this public key is another user's: make a fresh pair of keys"), file: file, line: line)
    }
}
