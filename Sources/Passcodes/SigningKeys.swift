import AuditLog
import EnclaveLink
import Storage
import Synchronization
import Workspaces

/// The keys that sign: for each purpose one signs, the next is already known, and those before stay until what they
/// signed has expired. Live and test have keys of their own.
public final class SigningKeys: Sendable {
    /// Seconds a verifier may cache the key set.
    public static let cacheLifetime = 300

    private struct Known {
        var keys: [SigningKey] = []
        var endorsements: [SigningKeyEndorsement] = []
    }

    let database: any Database
    let settings: SigningKeySettings
    let issuer: String
    let clock: WallClock
    let audit: AuditTrail
    private let known = Mutex(Known())

    /// - Parameter issuer: the name under which keys endorse their successors.
    public init(
        database: any Database, audit: AuditTrail, settings: SigningKeySettings, issuer: String,
        clock: WallClock = .system
    ) {
        self.database = database
        self.audit = audit
        self.settings = settings
        self.issuer = issuer
        self.clock = clock
    }

    /// The `kid` of the key that signs. Throws `unavailable` before the first `prepare`.
    public func current(_ purpose: SigningKeyPurpose) throws(PasscodeError) -> String {
        guard let key = key(purpose, .current) else { throw .unavailable("no signing key is ready") }
        return key.id
    }

    /// The key set (RFC 7517) of identity tokens, of our own verification and session tokens, and of permissions, with or
    /// without the keys of test tokens.
    public var keySet: String {
        keySet(of: Self.published(.live) + (settings.publishesTestKey ? Self.published(.test) : []))
    }

    /// The key set of test tokens alone.
    public var testKeySet: String { keySet(of: Self.published(.test)) }

    private static func published(_ mode: ChallengeMode) -> [SigningKeyPurpose] {
        [.identity(mode), .session(mode), .permission(mode)]
    }

    /// All keys, oldest first.
    public var all: [SigningKey] { known.withLock { $0.keys } }

    /// Everything that pinned keys said of their successors, oldest first.
    var endorsements: [SigningKeyEndorsement] { known.withLock { $0.endorsements } }

    /// Makes the keys that are missing and hands all to an enclave that has just started.
    public func prepare(_ enclave: some EnclaveCalling) async throws(PasscodeError) {
        try await refresh()
        try await createMissing(enclave)
        try await replaceOutdatedNext(enclave)
        for key in all { try await load(key, into: enclave) }
    }

    private func load(_ key: SigningKey, into enclave: some EnclaveCalling) async throws(PasscodeError) {
        do {
            _ = try await enclave.call(
                LoadSigningKey(purpose: key.purpose, keyIdentifier: key.id, sealed: key.sealed))
        } catch  where error.code == .sealRefused {
            throw .unavailable(
                "the master key does not open what is in the database: restore the one that was backed up with it")
        } catch {
            throw PasscodeError(error)
        }
    }

    func key(_ purpose: SigningKeyPurpose, _ state: SigningKey.State) -> SigningKey? {
        known.withLock { $0.keys.first { $0.purpose == purpose && $0.state == state } }
    }

    /// Reads the keys anew after a change.
    func refresh() async throws(PasscodeError) {
        let found = try await database.read(throwing: PasscodeError.self) { transaction in
            Known(
                keys: try SigningKey.all(in: transaction),
                endorsements: try SigningKeyEndorsement.all(in: transaction))
        }
        known.withLock { $0 = found }
    }

    /// Has the enclave make a key. It is stored by the caller.
    func create(
        _ purpose: SigningKeyPurpose, _ state: SigningKey.State, enclave: some EnclaveCalling
    ) async throws(PasscodeError) -> SigningKey {
        let algorithm = purpose.policy.followsSettings ? settings.algorithm : .es256
        let made = try await enclave.ask(CreateSigningKey(purpose: purpose, algorithm: algorithm))
        let now = clock.now()
        return SigningKey(
            id: made.keyIdentifier, purpose: purpose, algorithm: algorithm, state: state, publicKey: made.publicKey,
            sealed: made.sealed, createdAt: now, activatedAt: state == .current ? now : nil, retiredAt: nil)
    }

    /// A current and a next key for each purpose: all of them at the first start, and those of later versions at their
    /// first.
    private func createMissing(_ enclave: some EnclaveCalling) async throws(PasscodeError) {
        var made: [SigningKey] = []
        for purpose in SigningKeyPurpose.allCases {
            for state in [SigningKey.State.current, .next] where key(purpose, state) == nil {
                made.append(try await create(purpose, state, enclave: enclave))
            }
        }
        guard !made.isEmpty else { return }
        let keys = made
        try await database.write(throwing: PasscodeError.self) { transaction in
            for key in keys {
                try key.insert(in: transaction)
                try self.audit.append(self.entry(.signingKeyCreated, key, origin: .system), in: transaction)
            }
        }
        try await refresh()
    }

    /// A change of the algorithm begins with the next key, which verifiers then know before it signs.
    private func replaceOutdatedNext(_ enclave: some EnclaveCalling) async throws(PasscodeError) {
        for purpose in SigningKeyPurpose.allCases where purpose.policy.followsSettings {
            guard let outdated = key(purpose, .next), outdated.algorithm != settings.algorithm else { continue }
            let key = try await create(purpose, .next, enclave: enclave)
            try await database.write(throwing: PasscodeError.self) { transaction in
                try SigningKey.delete(outdated.id, in: transaction)
                try key.insert(in: transaction)
                try self.audit.append(self.entry(.signingKeyRemoved, outdated, origin: .system), in: transaction)
                try self.audit.append(self.entry(.signingKeyCreated, key, origin: .system), in: transaction)
            }
            try await refresh()
        }
    }

    func entry(_ action: AuditAction, _ key: SigningKey, origin: RequestOrigin) -> AuditEntry {
        AuditEntry(
            workspace: SigningKey.instance, time: clock.now(), action: action, record: key.id, origin: origin,
            detail: key.purpose.rawValue)
    }

    private func keySet(of purposes: [SigningKeyPurpose]) -> String {
        let keys = all.filter { purposes.contains($0.purpose) }.map(\.publicKey)
        return "{\"keys\":[\(keys.joined(separator: ","))]}"
    }
}
