import AuditLog
import EnclaveLink
import Storage
import Synchronization
import Workspaces

/// The keys that sign: one signs, the next is already published, the last stays published until its tokens have
/// expired. All three exist for identity tokens of live and of test challenges, each with keys of its own.
public final class SigningKeys: Sendable {
    /// Seconds a verifier may cache the key set.
    public static let cacheLifetime = 300
    /// Milliseconds a retired key stays published: the life of a token and as much again for clocks that differ.
    static let retirement: Int64 = 2 * Int64(Challenges.identityTokenLifetime) * 1000
    static let rotating: [SigningKeyPurpose] = [.identity, .identityTest]

    let database: any Database
    let settings: SigningKeySettings
    let clock: WallClock
    let audit = AuditTrail()
    private let known = Mutex<[SigningKey]>([])

    public init(database: any Database, settings: SigningKeySettings, clock: WallClock = .system) {
        self.database = database
        self.settings = settings
        self.clock = clock
    }

    /// The `kid` of the key that signs. Throws `unavailable` before the first `prepare`.
    public func current(_ purpose: SigningKeyPurpose) throws(PasscodeError) -> String {
        guard let key = key(purpose, .current) else { throw .unavailable("no signing key is ready") }
        return key.id
    }

    /// The key set of identity tokens (RFC 7517), with or without the key of test tokens.
    public var keySet: String {
        keySet(of: settings.publishesTestKey ? [.identity, .identityTest] : [.identity])
    }

    /// The key set of test tokens alone.
    public var testKeySet: String { keySet(of: [.identityTest]) }

    /// All keys, oldest first.
    public var all: [SigningKey] { known.withLock { $0 } }

    /// Makes the keys that are missing and hands all to an enclave that has just started.
    public func prepare(_ enclave: some EnclaveCalling) async throws(PasscodeError) {
        try await refresh()
        try await createMissing(enclave)
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
        known.withLock { $0.first { $0.purpose == purpose && $0.state == state } }
    }

    /// Reads the keys anew after a change.
    func refresh() async throws(PasscodeError) {
        let keys = try await database.read(throwing: PasscodeError.self) { try SigningKey.all(in: $0) }
        known.withLock { $0 = keys }
    }

    /// Has the enclave make a key. It is stored by the caller.
    func create(
        _ purpose: SigningKeyPurpose, _ state: SigningKey.State, enclave: some EnclaveCalling
    ) async throws(PasscodeError) -> SigningKey {
        let algorithm = purpose == .enclave ? .es256 : settings.algorithm
        let made = try await enclave.ask(CreateSigningKey(purpose: purpose, algorithm: algorithm))
        let now = clock.now()
        return SigningKey(
            id: made.keyIdentifier, purpose: purpose, algorithm: algorithm, state: state, publicKey: made.publicKey,
            sealed: made.sealed, createdAt: now, activatedAt: state == .current ? now : nil, retiredAt: nil)
    }

    private func createMissing(_ enclave: some EnclaveCalling) async throws(PasscodeError) {
        var missing: [(SigningKeyPurpose, SigningKey.State)] = []
        if key(.enclave, .current) == nil { missing.append((.enclave, .current)) }
        for purpose in Self.rotating {
            for state in [SigningKey.State.current, .next] where key(purpose, state) == nil {
                missing.append((purpose, state))
            }
        }
        for (purpose, state) in missing {
            let key = try await create(purpose, state, enclave: enclave)
            try await database.write(throwing: PasscodeError.self) { transaction in
                try key.insert(in: transaction)
                try self.audit.append(self.entry(.signingKeyCreated, key, origin: .system), in: transaction)
            }
        }
        if !missing.isEmpty { try await refresh() }
        try await replaceOutdatedNext(enclave)
    }

    /// A change of the algorithm begins with the next key, which verifiers then know before it signs.
    private func replaceOutdatedNext(_ enclave: some EnclaveCalling) async throws(PasscodeError) {
        for purpose in Self.rotating {
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
