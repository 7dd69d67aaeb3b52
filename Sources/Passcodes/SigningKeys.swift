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

    /// A current and a next key for each purpose: all of them at the first start, and those of later versions at their
    /// first.
    private func createMissing(_ enclave: some EnclaveCalling) async throws(PasscodeError) {
        let missing = SigningKeyPurpose.allCases.flatMap { purpose in
            [SigningKey.State.current, .next].filter { key(purpose, $0) == nil }.map { (purpose, $0) }
        }
        guard !missing.isEmpty else { return }
        try await store(missing, enclave: enclave)
    }

    /// A change of the algorithm begins with the next key, which verifiers then know before it signs.
    private func replaceOutdatedNext(_ enclave: some EnclaveCalling) async throws(PasscodeError) {
        for purpose in SigningKeyPurpose.allCases where purpose.policy.followsSettings {
            guard let outdated = key(purpose, .next), outdated.algorithm != settings.algorithm else { continue }
            try await store([(purpose, .next)], enclave: enclave) { transaction in
                try SigningKey.delete(outdated.id, in: transaction)
                try self.audit.append(self.entry(.signingKeyRemoved, outdated, origin: .system), in: transaction)
            }
            // It may be in an HSM, and only the enclave, once it has it, knows where. One that stays there is in nobody's way.
            guard (try? await load(outdated, into: enclave)) != nil else { continue }
            _ = try? await enclave.call(ForgetSigningKey(keyIdentifier: outdated.id))
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
