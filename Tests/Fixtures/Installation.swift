import AuditLog
import Enclave
import EnclaveLink
import Passcodes
import Schema
import Storage
import Webhooks
import Workspaces

/// A whole installation in the test's own process: a real database, a real enclave core, a clock that tests move.
public final class Installation: Sendable {
    public let time = ManualTime()
    public let database: SQLiteDatabase
    public let enclave: InProcessEnclave
    public let audit: AuditTrail
    public let mail = Mail()
    public let changes = PasscodeChanges()
    public let captchaProvider = CaptchaProvider()
    public let guardChanges = GuardChanges()
    public let directory: WorkspaceDirectory
    public let keys: APIKeys
    public let signingKeys: SigningKeys
    public let challenges: Challenges
    public let users: Users
    public let sessions: Sessions
    public let captcha: Captcha
    public let visitorLimit: VisitorLimit
    public let receivers = WebhookReceivers()
    public let webhookQueue: WebhookQueue
    public let webhookEndpoints: WebhookEndpoints
    public let webhookDeliveries: WebhookDeliveries
    public let webhookDispatcher: WebhookDispatcher
    private let folder: ScratchFolder

    public static let issuer = "http://127.0.0.1:3000"

    /// - Parameters:
    ///   - providers: whom the enclave talks to; without one every message goes to the inbox.
    ///   - readReports: stands for what reads the providers' reports.
    ///   - outbox: where changes of passcodes are put; `changes` keeps them where there is none.
    public init(
        algorithm: SigningAlgorithm = .es256, providers: [ConfiguredProvider] = [],
        readReports: @escaping InProcessEnclave.ReadingReports = { _ in .refused },
        outbox: ((WebhookQueue) -> any PasscodeOutbox)? = nil
    ) async throws {
        folder = try ScratchFolder()
        database = try SQLiteDatabase.open(path: folder.path + "/test.db", migrations: Schema.migrations)
        let (mail, captchaProvider, receivers) = (mail, captchaProvider, receivers)
        enclave = try InProcessEnclave(
            clock: time, providers: providers, deliver: { await mail.deliver($0) }, readReports: readReports,
            verifyCaptcha: { captchaProvider.verify($0) },
            deliverWebhook: { await receivers.receive($0) })
        audit = AuditTrail { [enclave] in enclave.greeting?.auditKey }
        audit.learnKey()
        signingKeys = SigningKeys(
            database: database, audit: audit,
            settings: SigningKeySettings(algorithm: algorithm, publishesTestKey: true),
            issuer: Self.issuer, clock: time.wall)
        directory = WorkspaceDirectory(database: database, audit: audit, clock: time.wall)
        keys = APIKeys(directory: directory)
        webhookQueue = WebhookQueue(database: database, audit: audit)
        challenges = Challenges(
            database: database, audit: audit, enclave: enclave, signingKeys: signingKeys, issuer: Self.issuer,
            outbox: outbox?(webhookQueue) ?? changes, guardOutbox: guardChanges, clock: time.wall)
        let tokens = VerificationTokens(
            database: database, enclave: enclave, issuer: Self.issuer, clock: time.wall)
        users = Users(database: database, audit: audit, tokens: tokens, clock: time.wall)
        sessions = Sessions(
            database: database, audit: audit, enclave: enclave, signingKeys: signingKeys, tokens: tokens, users: users,
            clock: time.wall)
        captcha = Captcha(enclave: enclave, database: database, audit: audit, clock: time.wall)
        visitorLimit = VisitorLimit(database: database, clock: time.wall)
        webhookEndpoints = WebhookEndpoints(queue: webhookQueue, enclave: enclave, clock: time.wall)
        webhookDeliveries = WebhookDeliveries(queue: webhookQueue, clock: time.wall)
        webhookDispatcher = WebhookDispatcher(
            queue: webhookQueue, enclave: enclave, clock: time.wall, jitter: { 0 })
        try await signingKeys.prepare(enclave)
    }

    /// A workspace with settings that a test chooses.
    public func workspace(
        _ change: @escaping @Sendable (inout WorkspaceSettings) -> Void = { _ in }
    ) async throws -> Workspace {
        let workspace = try await directory.create(name: "test", origin: .system)
        return try await directory.update(workspace.id, origin: .system) { change(&$0.settings) }
    }

    /// A new boot of the enclave, as after a crash, with the signing keys handed back.
    public func restartEnclave() async throws {
        try enclave.restart()
        try await signingKeys.prepare(enclave)
    }

    /// All audit entries of a workspace, oldest first, as `action outcome detail`.
    public func auditTrail(_ workspace: Workspace) async throws -> [String] {
        try await database.read { transaction in
            try transaction.rows(
                "SELECT action, outcome, detail FROM audit_entry WHERE workspace = $1 ORDER BY sequence",
                [.text(workspace.id)]
            ).map { try "\($0.text(0)) \($0.text(1)) \($0.text(2))" }
        }
    }
}
