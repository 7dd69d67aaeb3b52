import AuditLog
import EnclaveLink
import Storage

/// A room whose records the enclave sealed under the master key, for longer than a process lives.
public protocol MasterKeyUser: Sendable {
    /// Has each record sealed under the newest version of the master key. It may be repeated, and end in the middle.
    /// - Returns: how many records were sealed anew.
    /// - Throws: `unavailable`.
    func reseal(with enclave: any EnclaveCalling) async throws(WorkspaceError) -> Int
}

/// Makes new versions of the master key, and retires old ones, while everything runs.
public struct MasterKeyRotation: Sendable {
    private let database: any Database
    private let audit: AuditTrail
    private let enclave: any EnclaveCalling
    private let users: [any MasterKeyUser]
    private let clock: WallClock

    /// What is the matter where the enclave says `rewrapped` or `wrappedByUnnamed`.
    public static let rewrapped = "The master key's file was rewrapped since the enclave started."
    /// What to do where it says `rewrapped`.
    public static let adviceWhereRewrapped =
        "Restart the server, or the enclave where it is a service of its own; then try again."
    /// What to do where it says `wrappedByUnnamed`. Which of the causes it is, `rewrap` finds out.
    public static let adviceWhereRestartFails =
        "A restart would fail: enclave.yaml, as it is now, cannot be read or does not open that file. Run "
        + "'countersign vault rewrap': it wraps the file as enclave.yaml says, or changes nothing and says what to "
        + "mend there. Then restart. Delete no key in the HSM until then."

    /// - Parameter users: every room that has records sealed under the master key.
    public init(
        database: any Database, audit: AuditTrail, enclave: any EnclaveCalling, users: [any MasterKeyUser],
        clock: WallClock = .system
    ) {
        self.database = database
        self.audit = audit
        self.enclave = enclave
        self.users = users
        self.clock = clock
    }

    /// How the master keys are kept, as the enclave says.
    /// - Throws: `unavailable`, also where the HSM does not answer; `invalidSetting` where the file was rewrapped since the
    ///   enclave started, as both changes do.
    public func describe() async throws(WorkspaceError) -> VaultDescription { try await ask(DescribeVault()) }

    /// The same before a change.
    /// - Throws: also `invalidSetting` under a key that wraps nothing any more. Of the change itself the enclave would
    ///   only say `unavailable`, however often it is tried.
    private func describeBeforeChange() async throws(WorkspaceError) -> VaultDescription {
        let description = try await describe()
        guard description.outlook != .keyTooShort else {
            throw .invalidSetting(
                "The key that wraps the master key is shorter than 256 bits, and nothing is wrapped by it any more. "
                    + "'countersign vault status' says what to do.")
        }
        return description
    }

    /// Makes a new version, which seals from then on, and has every record sealed under it.
    /// - Throws: `invalidSetting` if there are too many versions, or the wrapping key is too short; `unavailable`,
    ///   after which a new version may be there: then `retire`, or another rotation, reseals what is left.
    public func rotate(origin: RequestOrigin) async throws(WorkspaceError) -> VaultDescription {
        try await append(entry(.masterKeyRotationBegun, origin))
        let description = try await ending(.masterKeyRotated, origin) { () async throws(WorkspaceError) in
            _ = try await describeBeforeChange()
            return try await ask(RotateMasterKey())
        }
        try await reseal()
        return description
    }

    /// Has every record sealed under the newest version, and forgets the others. What is left of them in the store's files
    /// is overwritten first.
    /// - Throws: `invalidSetting` if a rotation came between, or the wrapping key is too short; `unavailable`. The old
    ///   versions are there as long as anything is sealed under them.
    public func retire(origin: RequestOrigin) async throws(WorkspaceError) -> VaultDescription {
        let newest = try await describeBeforeChange().versions.last ?? 0
        try await append(entry(.masterKeyRetirementBegun, origin, "version \(newest)")) { transaction in
            try MasterKeyFloor.raise(to: newest, in: transaction)
        }
        return try await ending(.masterKeysRetired, origin) { () async throws(WorkspaceError) in
            try await reseal()
            do { try await database.forgetDeleted() } catch { throw WorkspaceError(error) }
            return try await ask(RetireMasterKeys(newest: newest))
        }
    }

    /// Each room may be passed by a record that was sealed the moment before the rotation: so until nothing is found.
    private func reseal() async throws(WorkspaceError) {
        for user in users {
            while try await user.reseal(with: enclave) > 0 {}
        }
    }

    /// Does what was begun, and says in the audit log what became of it.
    private func ending(
        _ action: AuditAction, _ origin: RequestOrigin, _ change: () async throws(WorkspaceError) -> VaultDescription
    ) async throws(WorkspaceError) -> VaultDescription {
        let description: VaultDescription
        do { description = try await change() } catch {
            var entry = entry(action, origin, "\(error.code)")
            entry.outcome = error.code == .unavailable ? .failed : .refused
            // The caller learns the reason, whether or not the log takes it.
            try? await append(entry)
            throw error
        }
        try await append(entry(action, origin, description.versions.last.map { "version \($0)" } ?? ""))
        return description
    }

    private func entry(_ action: AuditAction, _ origin: RequestOrigin, _ detail: String = "") -> AuditEntry {
        AuditEntry(
            workspace: AuditEntry.instance, time: clock.now(), action: action, record: "master_key", origin: origin,
            detail: detail)
    }

    private func append(
        _ entry: AuditEntry,
        with work: @escaping @Sendable (any Transaction) throws -> Void = { _ in }
    ) async throws(WorkspaceError) {
        try await database.write(throwing: WorkspaceError.self) { transaction in
            try work(transaction)
            try audit.append(entry, in: transaction)
        }
    }

    private func ask<Request: EnclaveRequest>(_ request: Request) async throws(WorkspaceError) -> Request.Reply {
        do {
            return try await enclave.call(request)
        } catch {
            switch error.code {
            case .requestRefused:
                throw .invalidSetting(
                    Request.self == RetireMasterKeys.self
                        ? "Another version of the master key was made meanwhile. Retire the old ones again."
                        : "There are too many versions of the master key. Retire the old ones first.")
            case .rewrapped:
                throw .invalidSetting("\(Self.rewrapped) \(Self.adviceWhereRewrapped)")
            case .wrappedByUnnamed:
                throw .invalidSetting("\(Self.rewrapped) \(Self.adviceWhereRestartFails)")
            case .unavailable, .overloaded, .sealRefused, .keyRefused, .challengeNotAlive:
                throw .unavailable("the enclave says \(error.code)")
            }
        }
    }
}

extension MasterKeyUser {
    /// Has one record sealed anew.
    /// - Returns: the new blob; nil where it is sealed under the newest version.
    /// - Throws: `unavailable`, also for a blob that does not open.
    public func reseal(
        _ sealed: [UInt8], at place: Reseal.Place, with enclave: any EnclaveCalling
    ) async throws(WorkspaceError) -> [UInt8]? {
        do {
            return try await enclave.call(Reseal(place, sealed: sealed)).sealed
        } catch {
            throw .unavailable("resealing: the enclave says \(error.code)")
        }
    }
}
