import AuditLog
import EnclaveLink
import Storage
import Workspaces

/// How an agent gets a new key in the place of its old ones.
public struct KeyRotation: Sendable {
    /// Seconds that the old keys stay in force, in ``GracePeriod/allowed``.
    public var gracePeriod: Int
    /// Ends the old keys now, and what they opened with them.
    public var revokesImmediately: Bool

    /// - Throws: `invalidFields` for a grace period out of range.
    public init(gracePeriod: Int = GracePeriod.usual, revokesImmediately: Bool = false) throws(PermissionError) {
        guard GracePeriod.allowed.contains(gracePeriod) else {
            let (least, most) = (GracePeriod.allowed.lowerBound, GracePeriod.allowed.upperBound)
            throw .invalidField("gracePeriod", "must be \(least) to \(most) seconds")
        }
        self.gracePeriod = gracePeriod
        self.revokesImmediately = revokesImmediately || gracePeriod == 0
    }
}

extension Agents {
    /// Makes one more key. `lifetime` is in days, 1…3650; nil for a key that does not expire.
    /// Throws `notFound`, `workspace` with `invalidSetting` where ten are in force.
    public func addKey(
        to id: String, workspace: String, mode: ChallengeMode = .live, name: String = "", lifetime: Int? = nil,
        origin: RequestOrigin
    ) async throws(PermissionError) -> CreatedAPIKey {
        let key = try draft(mode, of: id, workspace: workspace, name: name, lifetime: lifetime)
        try await database.write(throwing: PermissionError.self) { transaction in
            _ = try find(id, workspace: workspace, in: transaction)
            try keys.add(key, origin: origin, in: transaction)
        }
        return key
    }

    /// The agent's keys, oldest first, revoked ones included. Throws `notFound`.
    public func keys(of id: String, workspace: String) async throws(PermissionError) -> [APIKey] {
        try await database.read(throwing: PermissionError.self) { transaction in
            _ = try find(id, workspace: workspace, in: transaction)
            return try keys.keys(of: id, workspace: workspace, in: transaction)
        }
    }

    /// Makes a new key; the agent's other keys of the same mode end after the grace period, or at once. What a key
    /// opened ends with it. Throws `notFound`.
    public func rotateKey(
        of id: String, workspace: String, mode: ChallengeMode = .live, _ rotation: KeyRotation, origin: RequestOrigin
    ) async throws(PermissionError) -> CreatedAPIKey {
        let fresh = try draft(mode, of: id, workspace: workspace, name: "", lifetime: nil)
        try await stopping(in: workspace, origin: origin) { transaction in
            _ = try find(id, workspace: workspace, in: transaction)
            let now = clock.now()
            for key in try keys.keys(of: id, workspace: workspace, in: transaction)
            where key.kind == mode.agentKeyKind && key.isInForce(at: now) {
                try retire(key, rotation, now: now, origin: origin, in: transaction)
            }
            try keys.add(fresh, origin: origin, in: transaction)
        }
        return fresh
    }

    /// Ends a key now, and what it opened. Throws `notFound`; `workspace` with `keyRevoked` if it was revoked before.
    public func revokeKey(
        _ key: String, of id: String, workspace: String, origin: RequestOrigin
    ) async throws(PermissionError) {
        try await stopping(in: workspace, origin: origin) { transaction in
            _ = try find(id, workspace: workspace, in: transaction)
            guard let key = try keys.keys(of: id, workspace: workspace, in: transaction).first(where: { $0.id == key })
            else { throw PermissionError.notFound("key") }
            guard key.revokedAt == nil else { throw WorkspaceError.keyRevoked() }
            try revoke(key, at: clock.now(), origin: origin, in: transaction)
        }
    }

    private func draft(
        _ mode: ChallengeMode, of id: String, workspace: String, name: String, lifetime: Int?
    ) throws(PermissionError) -> CreatedAPIKey {
        do {
            return try keys.draft(
                mode.agentKeyKind, workspace: workspace, name: name, holder: id, lifetime: lifetime)
        } catch {
            throw PermissionError(error)
        }
    }

    private func retire(
        _ key: APIKey, _ rotation: KeyRotation, now: Int64, origin: RequestOrigin, in transaction: any Transaction
    ) throws {
        if rotation.revokesImmediately { return try revoke(key, at: now, origin: origin, in: transaction) }
        let end = now + Int64(rotation.gracePeriod) * 1000
        try keys.shorten(key.id, workspace: key.workspace, to: end, in: transaction)
        try endings.shorten(
            toKey: key.id, of: key.holder, workspace: key.workspace, end: end, in: transaction)
        try record(.keyRetired, key, at: now, origin: origin, detail: "\(rotation.gracePeriod)", in: transaction)
    }

    func revoke(_ key: APIKey, at now: Int64, origin: RequestOrigin, in transaction: any Transaction) throws {
        _ = try keys.end(key.id, workspace: key.workspace, at: now, in: transaction)
        try record(.keyRevoked, key, at: now, origin: origin, in: transaction)
    }

    private func record(
        _ action: AuditAction, _ key: APIKey, at now: Int64, origin: RequestOrigin, detail: String = "",
        in transaction: any Transaction
    ) throws(StorageError) {
        try audit.append(
            AuditEntry(
                workspace: key.workspace, time: now, action: action, record: key.id, agent: key.holder, origin: origin,
                detail: detail), in: transaction)
    }
}

extension ChallengeMode {
    var agentKeyKind: KeyKind { self == .live ? .agent : .agentTest }
}
