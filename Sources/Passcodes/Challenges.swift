import AuditLog
import EnclaveLink
import Storage
import Workspaces

/// Passcodes for people: sent, sent again, verified once.
///
/// The host keeps who was asked and how often; the code exists in the enclave and in the message only.
public struct Challenges: Sendable {
    /// Milliseconds for a provider to accept a message.
    public static let deliveryDeadline = 5_000
    /// Seconds an identity token is valid (`otp-edge`).
    public static let identityTokenLifetime = 60

    let database: any Database
    let enclave: any EnclaveCalling
    let signingKeys: SigningKeys
    let issuer: String
    let clock: WallClock
    let limits = SendingLimits()
    let audit = AuditTrail()

    public init(
        database: any Database, enclave: any EnclaveCalling, signingKeys: SigningKeys, issuer: String,
        clock: WallClock = .system
    ) {
        self.database = database
        self.enclave = enclave
        self.signingKeys = signingKeys
        self.issuer = issuer
        self.clock = clock
    }

    /// Deletes what ended long ago.
    public func prune() async throws(PasscodeError) {
        let now = clock.now()
        try await database.prune { count, transaction in
            max(
                try Challenge.prune(now: now, count: count, in: transaction),
                try SendRecord.prune(now: now, count: count, in: transaction),
                try limits.prune(now: now, count: count, in: transaction))
        }
    }

    /// The enclave that is up, or a refusal before anything was counted.
    func presentEnclave() throws(PasscodeError) -> Greeting {
        guard let greeting = enclave.greeting else { throw .unavailable("the enclave is not up") }
        return greeting
    }

    func requireActive(_ workspace: Workspace) throws(PasscodeError) {
        guard workspace.subscription == .active else { throw .workspace(.subscriptionInactive()) }
    }
}
