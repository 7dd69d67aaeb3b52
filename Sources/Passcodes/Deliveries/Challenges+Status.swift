import AuditLog
import EnclaveLink
import Storage
import Workspaces

extension Challenges {
    /// What has become of a passcode. Throws `challengeUnknown` for another workspace's or mode's as for none.
    public func status(of identifier: String, for caller: PasscodeCaller) async throws(PasscodeError) -> PasscodeRecord
    {
        let now = clock.now()
        return try await database.read(throwing: PasscodeError.self) { transaction in
            try self.record(try self.find(identifier, for: caller, in: transaction), now: now, in: transaction)
        }
    }

    /// Kills a code that is still alive; for any other, the same as `status`. A message that is under way arrives all the
    /// same, and its code is good for nothing.
    ///
    /// Throws `challengeUnknown`, and `alreadyVerified` for a code that was used: what it opened is open.
    public func cancel(_ identifier: String, for caller: PasscodeCaller) async throws(PasscodeError) -> PasscodeRecord {
        let now = clock.now()
        return try await database.write(throwing: PasscodeError.self) { transaction in
            let challenge = try self.find(identifier, for: caller, in: transaction)
            if try Challenge.cancel(challenge.id, workspace: challenge.workspace, now: now, in: transaction) {
                try self.audit.append(
                    AuditEntry(
                        workspace: challenge.workspace, time: now, action: .challengeCanceled, record: challenge.id,
                        origin: caller.origin, subject: AuditSubject(digest: challenge.contact)), in: transaction)
                try self.tell(.canceled, of: challenge, at: now, in: transaction)
            }
            let after = try self.find(identifier, for: caller, in: transaction)
            guard after.state != .verified else { throw PasscodeError.alreadyVerified() }
            return try self.record(after, now: now, in: transaction)
        }
    }

    func find(
        _ identifier: String, for caller: PasscodeCaller, in transaction: any Transaction
    ) throws -> Challenge {
        let found = try Challenge.find(identifier, workspace: caller.workspace.id, in: transaction)
        guard let found, found.isOf(caller), found.purpose == .verification else {
            throw PasscodeError.challengeUnknown()
        }
        return found
    }

    func record(
        _ challenge: Challenge, now: Int64, in transaction: any Transaction
    ) throws -> PasscodeRecord {
        PasscodeRecord(
            challenge,
            usedAttempts: try AttemptCount.read(challenge.id, workspace: challenge.workspace, in: transaction).used,
            deliveries: try Delivery.all(of: challenge, in: transaction),
            isLost: enclave.greeting.map { $0.boot != challenge.boot } ?? false, now: now)
    }
}
