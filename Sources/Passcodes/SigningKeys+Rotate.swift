import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension SigningKeys {
    /// Lets the next keys sign, retires the current ones and publishes new next ones.
    /// Throws `unavailable`, also where somebody else rotates at the same moment.
    public func rotate(_ enclave: some EnclaveCalling, origin: RequestOrigin) async throws(PasscodeError) {
        try await refresh()
        for purpose in Self.rotating { try await rotate(purpose, enclave: enclave, origin: origin) }
    }

    /// Does what time asks for: rotates keys that signed long enough, removes retired ones whose tokens have expired.
    public func maintain(_ enclave: some EnclaveCalling) async throws(PasscodeError) {
        try await refresh()
        let now = clock.now()
        for purpose in Self.rotating {
            guard let current = key(purpose, .current), let activated = current.activatedAt else { continue }
            if activated + settings.rotation <= now {
                try await rotate(purpose, enclave: enclave, origin: .system)
            }
        }
        for key in all where key.state == .retired {
            guard let retired = key.retiredAt, retired + Self.retirement <= now else { continue }
            try await remove(key, enclave: enclave)
        }
    }

    private func rotate(
        _ purpose: SigningKeyPurpose, enclave: some EnclaveCalling, origin: RequestOrigin
    ) async throws(PasscodeError) {
        guard let current = key(purpose, .current), let next = key(purpose, .next) else {
            throw .unavailable("no signing key is ready")
        }
        let fresh = try await create(purpose, .next, enclave: enclave)
        // The key that is about to sign must be there, whatever restarted since it was made.
        _ = try await enclave.ask(LoadSigningKey(purpose: purpose, keyIdentifier: next.id, sealed: next.sealed))
        do {
            try await commit(current, next, fresh, origin: origin)
        } catch {
            // A key that nobody stored must not stay in the enclave.
            _ = try? await enclave.call(ForgetSigningKey(keyIdentifier: fresh.id))
            throw error
        }
        try await refresh()
    }

    private func commit(
        _ current: SigningKey, _ next: SigningKey, _ fresh: SigningKey, origin: RequestOrigin
    ) async throws(PasscodeError) {
        let now = clock.now()
        try await database.write(throwing: PasscodeError.self) { transaction in
            guard try SigningKey.move(current.id, from: .current, to: .retired, at: now, in: transaction),
                try SigningKey.move(next.id, from: .next, to: .current, at: now, in: transaction)
            else { throw PasscodeError.unavailable("another rotation is under way") }
            try fresh.insert(in: transaction)
            try self.audit.append(self.entry(.signingKeyRotated, next, origin: origin), in: transaction)
            try self.audit.append(self.entry(.signingKeyCreated, fresh, origin: origin), in: transaction)
        }
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
