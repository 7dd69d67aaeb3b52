import AuditLog
import EnclaveLink
import Encodings
import Storage
import Workspaces

/// The test recipients of the workspaces: named by an operator, each until a day.
public struct TestRecipients: Sendable {
    let database: any Database
    let enclave: any EnclaveCalling
    let audit: AuditTrail
    let clock: WallClock
    private let known: ChangeCache<String, [TestRecipient]>

    init(database: any Database, enclave: any EnclaveCalling, audit: AuditTrail, clock: WallClock) {
        self.database = database
        self.enclave = enclave
        self.audit = audit
        self.clock = clock
        known = ChangeCache(isAllowed: database.hasOneOwner)
    }

    /// All of a workspace, those whose day is over included.
    public func list(workspace: String) async throws(PasscodeError) -> [TestRecipient] {
        try await known.value(for: workspace) { () async throws(PasscodeError) in
            try await database.read(throwing: PasscodeError.self) { transaction in
                try TestRecipient.all(workspace: workspace, in: transaction)
            }
        }
    }

    /// The test recipient that a contact is now; nil for everybody else.
    func active(_ contact: Contact, workspace: String) async throws(PasscodeError) -> TestRecipient? {
        let now = clock.now()
        return try await list(workspace: workspace)
            .first { $0.address == contact.address.value && $0.expiresAt > now }
    }

    /// Makes a contact a test recipient, or changes its code and day. A code that it was told before holds no longer.
    /// - Parameter expiresAt: Unix milliseconds, within a year.
    /// - Throws: `invalidSetting`.
    public func save(
        _ contact: Contact, code: String, until expiresAt: Int64, workspace: String, origin: RequestOrigin
    ) async throws(PasscodeError) -> TestRecipient {
        let now = clock.now()
        guard CodeFormat.lengths.contains(code.utf8.count), code.utf8.allSatisfy(\.isDigit) else {
            throw .workspace(.invalidSetting("code must be 6 to 9 digits"))
        }
        guard expiresAt > now, expiresAt <= now + TestRecipient.longest else {
            throw .workspace(.invalidSetting("expires_at must be a day to come, within a year"))
        }
        let recipient = TestRecipient(address: contact.address.value, code: TestCode(code), expiresAt: expiresAt)
        let person = try enclave.person(contact.address, workspace: workspace)
        try await database.write(throwing: PasscodeError.self, forgetting: known.forgetAll) { transaction in
            let others = try TestRecipient.all(workspace: workspace, in: transaction)
                .count { $0.address != recipient.address }
            guard others < TestRecipient.limit else {
                throw PasscodeError.workspace(
                    .invalidSetting("a workspace has at most \(TestRecipient.limit) test recipients"))
            }
            try Challenge.cancelFixed(contact: person.digest, workspace: workspace, in: transaction)
            try recipient.save(workspace: workspace, now: now, in: transaction)
            try record(.testRecipientSaved, person, workspace, origin, at: now, in: transaction)
        }
        return recipient
    }

    /// From now on the contact is sent codes like any other, and the one that it was told holds no longer. Throws `notFound`.
    public func delete(
        _ contact: Contact, workspace: String, origin: RequestOrigin
    ) async throws(PasscodeError) {
        let now = clock.now()
        let person = try enclave.person(contact.address, workspace: workspace)
        try await database.write(throwing: PasscodeError.self, forgetting: known.forgetAll) { transaction in
            guard try TestRecipient.delete(contact.address.value, workspace: workspace, in: transaction) else {
                throw PasscodeError.workspace(.notFound("test recipient"))
            }
            try Challenge.cancelFixed(contact: person.digest, workspace: workspace, in: transaction)
            try record(.testRecipientDeleted, person, workspace, origin, at: now, in: transaction)
        }
    }

    private func record(
        _ action: AuditAction, _ person: AuditSubject, _ workspace: String, _ origin: RequestOrigin, at time: Int64,
        in transaction: any Transaction
    ) throws(StorageError) {
        try audit.append(
            AuditEntry(workspace: workspace, time: time, action: action, record: "", origin: origin, subject: person),
            in: transaction)
    }
}
