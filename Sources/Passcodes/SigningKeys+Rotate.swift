import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension SigningKeys {
    /// Lets the next keys sign, retires the current ones and makes new next ones. Those that clients pin are rotated only
    /// when they are named, and each endorses its successor; of them those that were rotated less than a day ago stay as
    /// they are, so that a rotation which broke off is finished by the next.
    ///
    /// - Parameter force: rotates those too: for keys that are no longer secret.
    /// - Throws: `rotatedRecently` where all were; `unavailable`, also where somebody else rotates at the same moment.
    public func rotate(
        _ purposes: [SigningKeyPurpose] = rotatingByThemselves, force: Bool = false, enclave: some EnclaveCalling,
        origin: RequestOrigin
    ) async throws(PasscodeError) {
        try await refresh()
        let due = purposes.filter { force || !signsSinceYesterday(key($0, .current)) }
        guard !due.isEmpty else { throw .rotatedRecently() }
        for purpose in due { try await rotate(purpose, force: force, enclave: enclave, origin: origin) }
    }

    /// Milliseconds between two rotations of a key that clients pin: who looks once a day has then seen each key
    /// announced before it signs.
    static let pinnedRotationPause: Int64 = 86_400_000

    /// True for a key that another one made way for within the pause. The first keys made nobody leave.
    private func signsSinceYesterday(_ key: SigningKey?) -> Bool {
        guard let key, let endorsement = endorsements.last(where: { $0.successor == key.id }) else { return false }
        return endorsement.createdAt + Self.pinnedRotationPause > clock.now()
    }

    /// The purposes whose keys are in the key sets, where a new key finds its verifiers by itself.
    public static let rotatingByThemselves = SigningKeyPurpose.allCases.filter { $0.policy.rotation == .byItself }

    /// The purposes whose keys clients pin: an operator says when, and clients have to follow.
    public static let rotatingOnDemand = SigningKeyPurpose.allCases.filter { $0.policy.rotation == .onDemand }

    /// Does what time asks for: rotates keys that signed long enough, removes retired ones whose tokens have expired.
    public func maintain(_ enclave: some EnclaveCalling) async throws(PasscodeError) {
        try await refresh()
        let now = clock.now()
        for purpose in Self.rotatingByThemselves {
            guard let current = key(purpose, .current), let activated = current.activatedAt else { continue }
            if activated + settings.rotation <= now {
                try await rotate(purpose, force: false, enclave: enclave, origin: .system)
            }
        }
        for key in all where key.state == .retired {
            guard let retired = key.retiredAt, retired + key.purpose.policy.retirement <= now else { continue }
            try await remove(key, enclave: enclave)
        }
    }

    private func rotate(
        _ purpose: SigningKeyPurpose, force: Bool, enclave: some EnclaveCalling, origin: RequestOrigin
    ) async throws(PasscodeError) {
        guard let current = key(purpose, .current), let next = key(purpose, .next) else {
            throw .unavailable("no signing key is ready")
        }
        // Again, for the key that the commit will find: somebody may have rotated in between.
        guard force || !signsSinceYesterday(current) else { throw .rotatedRecently() }
        // The key that is about to sign must be there, whatever restarted since it was made.
        _ = try await enclave.ask(LoadSigningKey(purpose: purpose, keyIdentifier: next.id, sealed: next.sealed))
        let endorsement = try await endorse(next, by: current, enclave: enclave)
        let now = clock.now()
        try await store([(purpose, .next)], enclave: enclave, origin: origin) { transaction in
            guard try SigningKey.move(current.id, from: .current, to: .retired, at: now, in: transaction),
                try SigningKey.move(next.id, from: .next, to: .current, at: now, in: transaction)
            else { throw PasscodeError.unavailable("another rotation is under way") }
            try endorsement?.insert(in: transaction)
            try self.audit.append(self.entry(.signingKeyRotated, next, origin: origin), in: transaction)
        }
    }

    private func endorse(
        _ next: SigningKey, by current: SigningKey, enclave: some EnclaveCalling
    ) async throws(PasscodeError) -> SigningKeyEndorsement? {
        guard next.purpose.policy.rotation == .onDemand else { return nil }
        let made = try await enclave.ask(
            EndorseSigningKey(purpose: next.purpose, signer: current.id, successor: next.id, issuer: issuer))
        // After the one that it follows from, whatever the clock says.
        let previous = endorsements.map(\.createdAt).max() ?? 0
        return SigningKeyEndorsement(
            purpose: next.purpose, signer: current.id, successor: next.id, statement: made.statement,
            createdAt: max(clock.now(), previous + 1))
    }

    private func remove(_ key: SigningKey, enclave: some EnclaveCalling) async throws(PasscodeError) {
        try await database.write(throwing: PasscodeError.self) { transaction in
            try SigningKey.delete(key.id, in: transaction)
            try self.audit.append(self.entry(.signingKeyRemoved, key, origin: .system), in: transaction)
        }
        try await refresh()
        _ = try await enclave.ask(ForgetSigningKey(keyIdentifier: key.id))
    }
}
