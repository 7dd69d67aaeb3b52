import AuditLog
import EnclaveLink
import Messages
import Storage
import Workspaces

/// The workspaces' own texts: saved, listed, deleted, found for a send.
public struct MessageTemplates: Sendable {
    /// Templates of one workspace, all channels and languages counted.
    public static let limit = 500

    let database: any Database
    let audit: AuditTrail
    let clock: WallClock
    private let known: ChangeCache<String, [StoredTemplate]>

    public init(database: any Database, audit: AuditTrail, clock: WallClock = .system) {
        self.database = database
        self.audit = audit
        self.clock = clock
        known = ChangeCache(isAllowed: database.hasOneOwner)
    }

    /// All templates of a workspace, by name, channel and language.
    public func list(workspace: String) async throws(PasscodeError) -> [StoredTemplate] {
        try await known.value(for: workspace) { () async throws(PasscodeError) in
            try await database.read(throwing: PasscodeError.self) { transaction in
                try StoredTemplate.all(workspace: workspace, in: transaction)
            }
        }
    }

    /// Throws `templateUnknown`.
    public func template(_ name: TemplateName, workspace: String) async throws(PasscodeError) -> StoredTemplate {
        guard let found = try await list(workspace: workspace).first(where: { $0.name == name }) else {
            throw .templateUnknown()
        }
        return found
    }

    /// The template that a send would take; nil for the built-in wording. Throws `templateUnknown` for a name that there
    /// is none of.
    public func choose(
        name: String?, on channel: Channel, in language: MessageLanguage, workspace: String
    ) async throws(PasscodeError) -> StoredTemplate? {
        let found = try await list(workspace: workspace).best(named: name, on: channel, for: language)
        guard found != nil || name == nil || name == TemplateName.usual else { throw .templateUnknown() }
        return found
    }

    /// Saves a template in place of what had its name: from the next send on it is what is sent.
    /// Throws `templateRefused` with reason and place, also for a text that could make too long a message; `invalidSetting` where the workspace has too many.
    public func save(
        _ name: TemplateName, subject: String?, text: String, workspace: String, origin: RequestOrigin
    ) async throws(PasscodeError) -> StoredTemplate {
        let template = StoredTemplate(name: name, subject: subject, text: text, updatedAt: clock.now())
        try template.requireRoom()
        try await database.write(throwing: PasscodeError.self, forgetting: known.forgetAll) { transaction in
            let others = try StoredTemplate.all(workspace: workspace, in: transaction).count { $0.name != name }
            guard others < Self.limit else {
                throw PasscodeError.workspace(.invalidSetting("a workspace has at most \(Self.limit) templates"))
            }
            try template.save(workspace: workspace, in: transaction)
            try record(.templateSaved, name, workspace, origin, at: template.updatedAt, in: transaction)
        }
        return template
    }

    /// Deletes a template. Throws `templateUnknown`.
    public func delete(
        _ name: TemplateName, workspace: String, origin: RequestOrigin
    ) async throws(PasscodeError) {
        let now = clock.now()
        try await database.write(throwing: PasscodeError.self, forgetting: known.forgetAll) { transaction in
            guard try StoredTemplate.delete(name, workspace: workspace, in: transaction) else {
                throw PasscodeError.templateUnknown()
            }
            try record(.templateDeleted, name, workspace, origin, at: now, in: transaction)
        }
    }

    private func record(
        _ action: AuditAction, _ name: TemplateName, _ workspace: String, _ origin: RequestOrigin, at time: Int64,
        in transaction: any Transaction
    ) throws(StorageError) {
        try audit.append(
            AuditEntry(workspace: workspace, time: time, action: action, record: name.record, origin: origin),
            in: transaction)
    }
}
