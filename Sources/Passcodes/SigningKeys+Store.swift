import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension SigningKeys {
    /// Has the enclave make keys, and stores them together. Where that fails they are taken from the enclave again, and
    /// from the HSM: nobody else would ever know of them.
    ///
    /// - Parameter work: what belongs to the same unit of work, and comes first.
    func store(
        _ wanted: [(purpose: SigningKeyPurpose, state: SigningKey.State)], enclave: some EnclaveCalling,
        origin: RequestOrigin = .system,
        with work: @escaping @Sendable (any Transaction) throws -> Void = { _ in }
    ) async throws(PasscodeError) {
        var made: [SigningKey] = []
        do throws(PasscodeError) {
            for (purpose, state) in wanted { made.append(try await make(purpose, state, enclave: enclave)) }
            let keys = made
            try await database.write(throwing: PasscodeError.self) { transaction in
                try work(transaction)
                for key in keys {
                    try key.insert(in: transaction)
                    try self.audit.append(self.entry(.signingKeyCreated, key, origin: origin), in: transaction)
                }
            }
        } catch {
            await discard(made, enclave: enclave)
            throw error
        }
        try await refresh()
    }

    private func make(
        _ purpose: SigningKeyPurpose, _ state: SigningKey.State, enclave: some EnclaveCalling
    ) async throws(PasscodeError) -> SigningKey {
        let algorithm = purpose.policy.followsSettings ? settings.algorithm : .es256
        let made = try await enclave.ask(CreateSigningKey(purpose: purpose, algorithm: algorithm))
        let now = clock.now()
        return SigningKey(
            id: made.keyIdentifier, purpose: purpose, algorithm: algorithm, state: state, publicKey: made.publicKey,
            sealed: made.sealed, createdAt: now, activatedAt: state == .current ? now : nil, retiredAt: nil)
    }

    /// A commit that seemed to fail may have been made: what is stored after all stays, and so does everything where
    /// nobody can tell.
    private func discard(_ keys: [SigningKey], enclave: some EnclaveCalling) async {
        guard !keys.isEmpty, let stored = try? await database.read({ try SigningKey.all(in: $0) }) else { return }
        let kept = Set(stored.map(\.id))
        for key in keys where !kept.contains(key.id) {
            _ = try? await enclave.call(ForgetSigningKey(keyIdentifier: key.id))
        }
    }
}
