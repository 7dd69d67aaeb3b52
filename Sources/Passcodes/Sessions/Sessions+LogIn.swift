import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension Sessions {
    /// Opens a session. Uses the token's one login up; of two parallel logins with one token one succeeds.
    /// Throws `tokenRefused`, `tokenUsed`, `userUnknown`; `workspace` with `invalidSetting` for a lifetime out of range,
    /// or a session key with which another user stamps.
    public func logIn(_ wish: LoginWish, for caller: PasscodeCaller) async throws(PasscodeError) -> OpenedSession {
        let caller = caller.inSealedFlow
        try caller.requireActive()
        let opened = try await users.counters.counting(.logIn, of: caller.mode) { () async throws(PasscodeError) in
            try await open(wish, for: caller)
        }
        users.counters.add(.sessionOpened, of: caller.mode)
        if opened.isNewUser { users.counters.add(.userMade, of: caller.mode) }
        return opened
    }

    private func open(_ wish: LoginWish, for caller: PasscodeCaller) async throws(PasscodeError) -> OpenedSession {
        let contact = try wish.token.claimedContact(wish.flow)
        let login = Login(
            wish: wish, caller: caller, contact: contact,
            person: try enclave.person(contact, workspace: caller.workspace.id),
            lifetime: try lifetime(wish, caller))
        // Whoever loses the race to make the user finds the winner's the second time.
        for _ in 1...2 {
            if let opened = try await open(login) { return opened }
        }
        throw .unavailable("a contact's user was neither new nor known")
    }

    /// A login under way.
    private struct Login: Sendable {
        var wish: LoginWish
        var caller: PasscodeCaller
        /// What the token claims; the enclave's finding must say the same.
        var contact: ContactAddress
        var person: AuditSubject
        /// Seconds.
        var lifetime: Int
        var workspace: String { caller.workspace.id }
    }

    /// What the enclave signed; worth nothing before the commit.
    private struct SignedSession: Sendable {
        var session: Session
        var token: SessionToken
        var client: VerifiedClient
        /// True where the session's user is yet to be made.
        var isNewUser: Bool
    }

    /// A wish beyond the workspace's ceiling is cut to it: the token says what came of it.
    private func lifetime(_ wish: LoginWish, _ caller: PasscodeCaller) throws(PasscodeError) -> Int {
        let range = SignSession.lifetimes
        if let asked = wish.lifetime, !range.contains(asked) {
            throw .workspace(
                .invalidSetting("a session's life must be \(range.lowerBound) to \(range.upperBound) seconds"))
        }
        return caller.workspace.settings.sessionLifetime(asked: wish.lifetime)
    }

    /// Signs, then commits everything at once. Nil if somebody made the contact's user in between.
    private func open(_ login: Login) async throws(PasscodeError) -> OpenedSession? {
        let known = try await database.read(throwing: PasscodeError.self) { transaction in
            try User.find(
                contact: login.person.digest, mode: login.caller.mode, workspace: login.workspace, in: transaction)
        }
        // Signed for a stranger too: who has no token learns nothing from the answer, nor from its time.
        let signed = try await sign(login, for: known)
        guard known != nil || login.wish.signsUp else { throw .userUnknown() }
        do {
            try await store(signed, login)
        } catch  where error.code == .userExists {
            return nil
        }
        return OpenedSession(session: signed.session, token: signed.token, isNewUser: signed.isNewUser)
    }

    private func sign(_ login: Login, for known: User?) async throws(PasscodeError) -> SignedSession {
        let (wish, caller) = (login.wish, login.caller)
        let user = known ?? users.fresh(mode: caller.mode)
        let id = "se_" + RandomIdentifier.hexadecimal(length: 20)
        let finding = try await enclave.ask(
            SignSession(
                token: wish.token, scope: tokens.scope(wish.flow, for: caller), proof: wish.proof,
                sessionKey: wish.sessionKey, user: user.id, session: id, lifetime: login.lifetime,
                keyIdentifier: try signingKeys.current(wish.flow.sessionPurpose(caller.mode))))
        switch finding {
        case .refused(let fault): throw .tokenRefused(fault)
        case .signed(let token, let client, let expiresAt):
            guard client.contact == login.contact else { throw .tokenRefused(.tokenMalformed) }
            let session = Session(
                workspace: login.workspace, id: id, flow: wish.flow, user: user, key: wish.sessionKey,
                createdAt: clock.now(), expiresAt: expiresAt)
            return SignedSession(session: session, token: token, client: client, isNewUser: known == nil)
        }
    }

    private func store(_ signed: SignedSession, _ login: Login) async throws(PasscodeError) {
        let session = signed.session
        let gone = try await database.write(throwing: PasscodeError.self) { transaction in
            try tokens.take(.logIn, of: signed.client, workspace: login.workspace, in: transaction)
            if signed.isNewUser {
                try users.insert(
                    session.user, login.person, flow: session.flow, caller: login.caller, in: transaction)
            }
            let gone = try makeRoom(for: session, login, in: transaction)
            guard try session.insert(in: transaction) else { throw PasscodeError.keyTaken() }
            try record(.sessionOpened, session.id, of: session, login, in: transaction)
            return gone
        }
        let event: UserCounters.Event = login.wish.invalidatesExisting ? .sessionEnded : .sessionEvicted
        users.counters.add(event, of: login.caller.mode, gone)
    }

    /// Expired sessions go first, then the oldest; all of them where the login asks for it.
    /// - Returns: how many went before their time.
    private func makeRoom(for session: Session, _ login: Login, in transaction: any Transaction) throws -> Int {
        let (user, workspace) = (session.user.id, session.workspace)
        try Session.deleteExpired(user: user, workspace: workspace, now: session.createdAt, in: transaction)
        let endsAll = login.wish.invalidatesExisting
        let gone = try Session.evict(
            keeping: endsAll ? 0 : Self.limit - 1, user: user, workspace: workspace, in: transaction)
        for id in gone {
            try record(endsAll ? .sessionEnded : .sessionEvicted, id, of: session, login, in: transaction)
        }
        return gone.count
    }

    private func record(
        _ action: AuditAction, _ id: String, of session: Session, _ login: Login, in transaction: any Transaction
    ) throws(StorageError) {
        try audit.append(
            AuditEntry(
                workspace: session.workspace, time: session.createdAt, action: action, record: id,
                origin: login.caller.origin, subject: login.person, detail: session.user.id), in: transaction)
    }
}
