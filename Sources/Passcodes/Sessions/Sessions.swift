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
    let audit: AuditTrail
    let proofs = ProofMemory()

    public init(
        database: any Database, audit: AuditTrail, enclave: any EnclaveCalling, signingKeys: SigningKeys,
        tokens: VerificationTokens, users: Users, clock: WallClock = .system
    ) {
        self.database = database
        self.audit = audit
        self.enclave = enclave
        self.signingKeys = signingKeys
        self.tokens = tokens
        self.users = users
        self.clock = clock
    }

    /// Whose key stamped a request: a live session's of the Turnkey flow, or one that the user registered.
    /// Throws `sessionUnknown`.
    public func user(stampedBy key: P256PublicKey, workspace: Workspace) async throws(PasscodeError) -> User {
        let now = clock.now()
        let user = try await database.read(throwing: PasscodeError.self) { transaction in
            try User.find(
                stampedBy: key.compressed, mode: workspace.sealedMode, workspace: workspace.id, now: now,
                in: transaction)
        }
        guard let user else { throw .sessionUnknown() }
        return user
    }

    /// The live session behind one of our own session tokens, if `proof` shows its key and was not seen before.
    /// Throws `sessionUnknown`, `proofRefused`; `unavailable` where too many proofs came in the last minute.
    public func session(
        token: String, proof: String, expectation: PossessionProof.Expectation
    ) async throws(PasscodeError) -> Session {
        let now = clock.now()
        let statement = try SessionStatement(
            token, keys: signingKeys.all, issuer: tokens.issuer, now: now)
        let shown = try check(proof, of: statement, token: token, expectation: expectation, now: now)
        let session = try await database.read(throwing: PasscodeError.self) { transaction in
            try Session.find(statement.session, workspace: statement.workspace, now: now, in: transaction)
        }
        guard let session, session.flow == .countersign, session.user.id == statement.user,
            session.user.mode == statement.mode, session.key == shown.key
        else { throw .sessionUnknown() }
        // Last, so that only a session's own requests take room in the memory.
        do { try proofs.accept(shown, now: now / 1000) } catch { throw PasscodeError(error) }
        return session
    }

    /// Deletes what expired: sessions, users' keys, and long after their tokens the uses of these.
    public func prune() async throws(PasscodeError) {
        let now = clock.now()
        try await database.prune(throwing: PasscodeError.self) { count, transaction in
            max(
                try Session.prune(now: now, count: count, in: transaction),
                try UserKeyWish.prune(now: now, count: count, in: transaction),
                try VerificationTokens.prune(now: now, count: count, in: transaction))
        }
    }

    private func check(
        _ text: String, of statement: SessionStatement, token: String, expectation: PossessionProof.Expectation,
        now: Int64
    ) throws(PasscodeError) -> PossessionProof {
        var expectation = expectation
        expectation.token = token
        do throws(SealedPasscodeError) {
            let proof = try PossessionProof(text)
            guard proof.key.thumbprint == statement.keyThumbprint else { throw SealedPasscodeError(.wrongSigner) }
            try proof.check(expectation, now: now / 1000)
            return proof
        } catch {
            throw .proofRefused(error.code.rawValue)
        }
    }
}
