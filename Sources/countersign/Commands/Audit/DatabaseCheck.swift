import AuditLog
import Storage
import TransparencyLog

/// Checks the logs in a database.
struct DatabaseCheck {
    let database: any Database
    /// The key that was given; nil where the installation's own word is to be taken.
    let key: VerifierKey?
    let kept: [KeptCheckpoint]
    let progress: Progress

    /// One log. Throws `CommandError` where it was never signed.
    func verdict(_ workspace: String) async throws -> LogVerdict {
        guard let verdict = try await found(workspace, extending: { _ in kept }) else {
            throw CommandError("\(workspace) has no log that was ever signed: start the server once")
        }
        return verdict
    }

    /// All logs. Throws `CommandError` where none was ever signed.
    func verdicts() async throws -> [LogVerdict] {
        var verdicts: [LogVerdict] = []
        var unsigned: [String] = []
        for workspace in try await StoredLogs(database).workspaces() {
            let verdict = try await found(workspace) { key in kept.filter { $0.origin == key.name } }
            if let verdict { verdicts.append(verdict) } else { unsigned.append(workspace) }
        }
        guard !verdicts.isEmpty else { throw CommandError("no log was ever signed here: start the server once") }
        let reason = LogFault(.checkpoint, "It has no signed checkpoint. If it was made a second ago, check again.")
        verdicts += unsigned.compactMap { LogVerdict(reason, origin: $0) }
        let origins = Set(verdicts.compactMap(\.origin))
        for checkpoint in kept where !origins.contains(checkpoint.origin.text) {
            throw CommandError("\(checkpoint.path) is a checkpoint of \(checkpoint.origin), which has no log here")
        }
        return verdicts
    }

    /// Nil where the log was never signed.
    private func found(
        _ workspace: String, extending kept: (VerifierKey) -> [KeptCheckpoint]
    ) async throws -> LogVerdict? {
        var origin = workspace
        do {
            guard let log = try await StoredLogs(database).log(workspace) else { return nil }
            let key = try key ?? VerifierKey(given: log.verifierKey)
            origin = key.name.text
            let checkpoints = try kept(key).map { try $0.opened(by: key) }
            defer { progress.end() }
            let verified = try await StoredLogVerifier(database, workspace: workspace, key: key)
                .verify(extending: checkpoints) { progress.show("\($0.checked) of \($0.total) entries of \(origin)") }
            return LogVerdict(verified.log, unsigned: verified.unsigned)
        } catch {
            guard let verdict = LogVerdict(error, origin: origin) else { throw error }
            return verdict
        }
    }
}

extension VerifierKey {
    /// The key that somebody gave, with nothing but spaces around it. Throws `CommandError`.
    init(given text: String) throws(CommandError) {
        do {
            try self.init(parsing: text.trimming(while: \.isWhitespace))
        } catch {
            throw CommandError("the key is none: \(error.message) countersign audit key prints it.")
        }
    }
}
