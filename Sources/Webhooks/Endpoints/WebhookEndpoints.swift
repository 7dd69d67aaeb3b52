import AuditLog
import EnclaveLink
import Storage
import Workspaces

/// An endpoint and the secret that its receiver checks signatures with, which nobody can read again.
public struct KeyedWebhookEndpoint: Sendable {
    public let endpoint: WebhookEndpoint
    public let secret: WebhookSecretText
}

/// The endpoints of the workspaces: made, changed, enabled and disabled, deleted.
public struct WebhookEndpoints: Sendable {
    let database: any Database
    let enclave: any EnclaveCalling
    let clock: WallClock
    let listeners: WebhookListeners
    let audit: AuditTrail

    /// - Parameter queue: told of endpoints that come and go.
    public init(queue: WebhookQueue, enclave: any EnclaveCalling, clock: WallClock = .system) {
        database = queue.database
        audit = queue.audit
        listeners = queue.listeners
        self.enclave = enclave
        self.clock = clock
    }

    /// Makes an endpoint with a fresh secret. Throws `invalidSetting`, `hostNotAllowed`, `tooManyEndpoints`.
    public func create(
        _ wish: WebhookEndpointWish, workspace: String, origin: RequestOrigin
    ) async throws(WebhookError) -> KeyedWebhookEndpoint {
        try wish.check(try reach())
        let endpoint = WebhookEndpoint(
            workspace: workspace, id: "we_" + RandomIdentifier.hexadecimal(length: 16), url: wish.url,
            description: wish.description, types: wish.types, state: .enabled, waiting: 0, dropped: 0, failures: 0,
            deliveredAt: nil, createdAt: clock.now())
        let made = try await makeSecret(workspace: workspace, endpoint: endpoint.id)
        try await changing { transaction in
            guard try WebhookEndpoint.all(workspace: workspace, in: transaction).count < WebhookEndpoint.limit else {
                throw WebhookError.tooManyEndpoints()
            }
            try endpoint.insert(in: transaction)
            try StoredWebhookSecret(made.sealed, of: endpoint, createdAt: endpoint.createdAt).insert(in: transaction)
            try record(.webhookCreated, endpoint, origin, at: endpoint.createdAt, in: transaction)
        }
        return KeyedWebhookEndpoint(endpoint: endpoint, secret: made.secret)
    }

    /// All endpoints of a workspace, oldest first.
    public func list(workspace: String) async throws(WebhookError) -> [WebhookEndpoint] {
        try await database.read(throwing: WebhookError.self) {
            try WebhookEndpoint.all(workspace: workspace, in: $0)
        }
    }

    /// Throws `notFound`.
    public func endpoint(_ id: String, workspace: String) async throws(WebhookError) -> WebhookEndpoint {
        try await database.read(throwing: WebhookError.self) {
            try WebhookEndpoint.find(id, workspace: workspace, in: $0)
        }
    }

    func makeSecret(workspace: String, endpoint: String) async throws(WebhookError) -> MadeWebhookSecret {
        do throws(EnclaveError) {
            return try await enclave.call(MakeWebhookSecret(workspace: workspace, endpoint: endpoint))
        } catch {
            throw WebhookError(error)
        }
    }

    /// Where webhooks may go. Throws `unavailable` while no enclave is up, or none that delivers.
    func reach() throws(WebhookError) -> WebhookReach {
        guard let greeting = enclave.greeting else { throw .unavailable("the enclave is not up") }
        guard let reach = greeting.webhooks else { throw .unavailable("the enclave trusts no authority") }
        return reach
    }

    /// A unit of work after which other endpoints may listen than before.
    func changing<Value: Sendable>(
        _ work: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws(WebhookError) -> Value {
        try await database.write(throwing: WebhookError.self, forgetting: listeners.forgetAll, work)
    }

    func record(
        _ action: AuditAction, _ endpoint: WebhookEndpoint, _ origin: RequestOrigin, at time: Int64,
        detail: String = "", in transaction: any Transaction
    ) throws(StorageError) {
        try audit.append(
            AuditEntry(
                workspace: endpoint.workspace, time: time, action: action, record: endpoint.id, origin: origin,
                detail: detail), in: transaction)
    }
}
