import API
import AuditLog
import EnclaveLink
import Logging
import Passcodes
import Schema
import Storage
import Workspaces

/// The host process: the rooms, put together on a data folder.
struct Host: Sendable {
    let directory: DataDirectory
    let configuration: HostConfiguration
    let issuer: Issuer
    let logger: Logger
    let database: SQLiteDatabase
    let enclave: EnclaveSupervisor
    let audit: AuditTrail
    let signingKeys: SigningKeys
    let workspaces: WorkspaceDirectory
    let keys: APIKeys

    /// Opens an installation, makes what is missing, and starts the enclave. Throws `CommandError`.
    static func open(
        _ directory: DataDirectory, configuration: HostConfiguration, vaultPIN: OwnedDescriptor? = nil
    ) async throws -> Host {
        let logger = configuration.logger
        try directory.create()
        let place = try EnclavePlace(directory, configuration, vaultPIN: vaultPIN)
        try place.createMasterKeyIfNew()
        let database = try open(directory)
        do {
            return try await start(
                directory, configuration: configuration, logger: logger, database: database, place: place)
        } catch {
            await database.close()
            throw error
        }
    }

    private static func open(_ directory: DataDirectory) throws -> SQLiteDatabase {
        do {
            return try SQLiteDatabase.open(path: directory.database, migrations: Schema.migrations)
        } catch {
            throw CommandError("\(directory.database): \(error.reason)")
        }
    }

    private static func start(
        _ directory: DataDirectory, configuration: HostConfiguration, logger: Logger, database: SQLiteDatabase,
        place: EnclavePlace
    ) async throws -> Host {
        let issuer = try await issuer(configuration, database)
        let enclave: EnclaveSupervisor
        do { enclave = try place.supervisor(directory, logger: logger) } catch {
            throw CommandError("the enclave does not start: \(error.reason)")
        }
        let audit = AuditTrail { enclave.greeting?.auditKey }
        let signingKeys = SigningKeys(
            database: database, audit: audit, settings: configuration.signingKeys(issuer: issuer.name),
            issuer: issuer.name)
        do {
            try await enclave.start { enclave, _ in try await signingKeys.prepare(enclave) }
            audit.learnKey()
        } catch let error as EnclaveStartError {
            throw CommandError("the enclave does not start: \(error.reason)")
        } catch let error as PasscodeError {
            throw CommandError("the enclave is not ready: \(error.message)")
        }
        let workspaces = WorkspaceDirectory(database: database, audit: audit)
        return Host(
            directory: directory, configuration: configuration, issuer: issuer, logger: logger, database: database,
            enclave: enclave, audit: audit, signingKeys: signingKeys, workspaces: workspaces,
            keys: APIKeys(directory: workspaces))
    }

    private static func issuer(_ configuration: HostConfiguration, _ database: SQLiteDatabase) async throws -> Issuer {
        let urls = configuration.listen.urls(configuration.scheme)
        if let configured = configuration.issuer {
            return Issuer(name: configured, address: configured, listener: urls)
        }
        let kept = try await InstallationRecord(database: database).issuer(proposal: configuration.listenerAddress)
        return Issuer(name: kept, address: configuration.listenerAddress, listener: urls)
    }

    /// Makes the first workspace and its keys; nil where there is one already.
    func createFirstWorkspace() async throws -> FirstKeys? {
        guard try await workspaces.all().isEmpty else { return nil }
        let workspace = try await workspaces.create(name: "default", origin: .system)
        func key(_ kind: KeyKind) async throws -> String {
            try await keys.create(workspace: workspace.id, kind: kind, name: "first", origin: .system).secret.text
        }
        return FirstKeys(
            workspace: workspace.id, organization: WorkspaceUUID.organization.text(for: workspace.id),
            authProxyConfiguration: WorkspaceUUID.authProxyConfiguration.text(for: workspace.id), issuer: issuer.name,
            keys: .init(
                live: try await key(.live), test: try await key(.test), operator: try await key(.operator)),
            enclave: .init(
                signingKey: signingKeys.enclaveKey ?? "", notaryKey: signingKeys.notaryKey ?? ""))
    }

    /// Ends what `open` began.
    func close() async {
        await enclave.stop()
        await database.close()
    }
}
