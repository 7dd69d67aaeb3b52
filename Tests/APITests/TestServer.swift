import API
import AuditLog
import Enclave
import EnclaveLink
import Encodings
import Fixtures
import HTTPServer
import JOSE
import Logging
import NIOCore
import Passcodes
import Permissions
import Workspaces

/// The routes on an installation, without sockets.
struct TestServer {
    let installation: Installation
    let workspace: Workspace
    let live: String
    let test: String
    let operatorKey: String
    /// The rooms of agents and approvers that the routes stand on.
    let permissions: API.PermissionRooms
    /// What the routes write into the log.
    let log = LogRecord()
    private var router: Router

    init(
        demonstration: Demonstration? = nil, providers: [ConfiguredProvider] = [],
        observation: Observation = Observation(), securityContact: SecurityContact? = nil,
        _ change: @escaping @Sendable (inout WorkspaceSettings) -> Void = { _ in },
        readReports: @escaping InProcessEnclave.ReadingReports = { _ in .refused },
        beforeCalls: StagedEnclave.Scene? = nil, enclaveIsQuiet: Bool = false, disk: Gate? = nil
    ) async throws {
        let installation = try await Installation(
            providers: providers, readReports: readReports, outbox: PasscodeWebhooks.init)
        let workspace = try await installation.workspace(change)
        func key(_ kind: KeyKind) async throws -> String {
            try await installation.keys.create(workspace: workspace.id, kind: kind, name: "", origin: .system)
                .secret.text
        }
        live = try await key(.live)
        test = try await key(.test)
        operatorKey = try await key(.operator)
        permissions = Self.permissions(installation)
        router = try Application.router(
            Self.rooms(
                installation, permissions, log: log, demonstration, observation: observation,
                securityContact: securityContact, beforeCalls: beforeCalls, enclaveIsQuiet: enclaveIsQuiet, disk: disk))
        self.installation = installation
        self.workspace = workspace
    }

    /// The same installation under routes that remember nothing, as after a restart of the host.
    func restarted() throws -> TestServer {
        var server = self
        server.router = try Application.router(
            Self.rooms(installation, Self.permissions(installation), log: log, nil))
        return server
    }

    /// The same installation with other settings of the server itself.
    func configured(
        operatorAddresses: AddressList = .everywhere, leakReporters: LeakReporters = LeakReporters()
    ) throws -> TestServer {
        var server = self
        server.router = try Self.router(
            installation, permissions, log: log, nil, operatorAddresses: operatorAddresses,
            leakReporters: leakReporters)
        return server
    }

    /// What the routes stand on.
    var rooms: Rooms { Self.rooms(installation, permissions, log: log, nil) }

    private static func permissions(_ installation: Installation) -> API.PermissionRooms {
        API.PermissionRooms(
            database: installation.database, audit: installation.audit, enclave: installation.enclave,
            keys: installation.keys,
            outbox: PermissionWebhooks(queue: installation.webhookQueue),
            signer: PermissionTokenSigner(enclave: installation.enclave, issuer: Installation.issuer) {
                [signingKeys = installation.signingKeys] in try signingKeys.current(.permission($0))
            }, clock: installation.time.wall)
    }

    private static func router(
        _ installation: Installation, _ permissions: API.PermissionRooms, log: LogRecord,
        _ demonstration: Demonstration?, operatorAddresses: AddressList = .everywhere,
        leakReporters: LeakReporters = LeakReporters()
    ) throws -> Router {
        try Application.router(
            rooms(
                installation, permissions, log: log, demonstration, operatorAddresses: operatorAddresses,
                leakReporters: leakReporters))
    }

    private static func rooms(
        _ installation: Installation, _ permissions: API.PermissionRooms, log: LogRecord,
        _ demonstration: Demonstration?, operatorAddresses: AddressList = .everywhere,
        leakReporters: LeakReporters = LeakReporters(),
        observation: Observation = Observation(), securityContact: SecurityContact? = nil,
        beforeCalls: StagedEnclave.Scene? = nil, enclaveIsQuiet: Bool = false, disk: Gate? = nil
    ) -> Rooms {
        Rooms(
            directory: disk.map { hanging(installation, at: $0) } ?? installation.directory, keys: installation.keys,
            challenges: installation.challenges,
            signingKeys: installation.signingKeys, users: installation.users, sessions: installation.sessions,
            captcha: installation.captcha, visitorLimit: installation.visitorLimit, permissions: permissions,
            audit: AuditReader(database: installation.database, trail: installation.audit),
            auditLog: AuditLogRooms(
                reader: LogReader(database: installation.database),
                exports: AuditExports(
                    database: installation.database, trail: installation.audit, now: installation.time.wall.now),
                erasure: AuditErasure(
                    database: installation.database, trail: installation.audit, now: installation.time.wall.now),
                states: { [:] }),
            webhookEndpoints: installation.webhookEndpoints,
            webhookDeliveries: installation.webhookDeliveries,
            masterKey: MasterKeyRotation(
                database: installation.database, audit: installation.audit, enclave: installation.enclave,
                users: [installation.signingKeys, installation.webhookEndpoints], clock: installation.time.wall),
            enclave: beforeCalls.map { StagedEnclave(installation.enclave, isQuiet: enclaveIsQuiet, before: $0) }
                ?? installation.enclave,
            issuer: Issuer(
                name: Installation.issuer, address: Installation.issuer, listener: ["http://localhost:3000"]),
            logger: Logger(label: "test") { _ in log.handler }, clock: installation.time.wall,
            checkup: Checkup(
                findings: { [] }, providerFailure: { _ in nil }, enclaveRefusal: { nil },
                enclaveRevival: { "Wake it." }),
            demonstration: demonstration, operatorAddresses: operatorAddresses,
            leakedKeys: LeakedKeys(keys: installation.keys, outbox: KeyWebhooks(queue: installation.webhookQueue)),
            leakReporters: leakReporters, observation: observation, securityContact: securityContact,
            healthPatience: beforeCalls == nil && disk == nil ? .seconds(60) : .milliseconds(10))
    }

    /// The workspaces on a disk that keeps who writes waiting at a gate.
    private static func hanging(_ installation: Installation, at disk: Gate) -> WorkspaceDirectory {
        let database = StagedDatabase(installation.database)
        database.hang(at: disk)
        return WorkspaceDirectory(database: database, audit: installation.audit, clock: installation.time.wall)
    }

    /// Each route as a method and a pattern: `GET /v1/keys/:id`.
    var routes: Set<String> { Set(router.routes.map { "\($0.method.rawValue) \($0.pattern)" }) }

    struct Answer {
        var status: Int
        var headers: HeaderFields
        var text: String
        /// The body, read strictly; nil for none and for one that is no JSON.
        var json: JSONValue?

        var code: String? { text("code") }
        func text(_ name: String) -> String? { json?[name]?.text }
        func number(_ name: String) -> Int? { json?[name]?.double.map { Int($0) } }
    }

    func call(
        _ method: HTTPMethod, _ path: String, key: String? = nil, headers: [(String, String)] = [], body: String = "",
        peer: Peer = .address(ip: "127.0.0.1", port: 1)
    ) async -> Answer {
        await call(method, path, key: key, headers: headers, bytes: Array(body.utf8), peer: peer)
    }

    func call(
        _ method: HTTPMethod, _ path: String, key: String?, headers: [(String, String)] = [], bytes: [UInt8],
        peer: Peer = .address(ip: "127.0.0.1", port: 1)
    ) async -> Answer {
        var fields = HeaderFields()
        if let key { fields.add("Authorization", "Bearer \(key)") }
        for (name, value) in headers { fields.add(name, value) }
        let request = Request(
            method: method, target: path, headers: fields, body: ByteBuffer(bytes: bytes), peer: peer)
        let response = await router.answer(request)
        var text = ""
        if case .bytes(let bytes) = response.body { text = String(decoding: bytes, as: UTF8.self) }
        return Answer(
            status: Int(response.status.code), headers: response.headers, text: text,
            json: try? JSONValue(parsing: Array(text.utf8)))
    }

    func send(_ body: String, key: String? = nil, headers: [(String, String)] = []) async -> Answer {
        await call(.POST, "/api/v1/send-otp", key: key ?? test, headers: headers, body: body)
    }

    func verify(_ body: String, key: String? = nil) async -> Answer {
        await call(.POST, "/api/v1/verify-otp", key: key ?? test, body: body)
    }
}
