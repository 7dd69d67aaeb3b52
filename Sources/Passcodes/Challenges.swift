import AuditLog
import EnclaveLink
import Storage
import Workspaces

/// Passcodes for people: sent, sent again, verified once.
///
/// The host keeps who was asked and how often; the code exists in the enclave and in the message only.
public struct Challenges: Sendable {
    /// Milliseconds for one provider to accept a message.
    public static let deliveryDeadline = Int(DeliveryRun.providerLimit)
    /// Seconds an identity token is valid (`otp-edge`).
    public static let identityTokenLifetime = 60

    let database: any Database
    let enclave: any EnclaveCalling
    let signingKeys: SigningKeys
    let issuer: String
    let clock: WallClock
    let unattended = UnattendedDeliveries()
    let limits = SendingLimits()
    /// The workspaces' own texts.
    public let templates: MessageTemplates
    public let testRecipients: TestRecipients
    let audit: AuditTrail
    /// Where outgoing webhooks go; nil where there are none.
    let outbox: (any PasscodeOutbox)?
    let breakers: ProviderBreakers
    let earlyReports = EarlyReports()
    let unprovenReports = UnprovenReports()
    let expiries = ExpiryWatch()
    let ending = EndingSign()

    /// The fraud guard, and what it has in the store.
    public let watch = SendWatch()
    public let guardJournal: GuardJournal
    public let statistics: PasscodeStatistics

    public init(
        database: any Database, audit: AuditTrail, enclave: any EnclaveCalling, signingKeys: SigningKeys,
        issuer: String, outbox: (any PasscodeOutbox)? = nil,
        guardOutbox: (any GuardOutbox)? = nil, clock: WallClock = .system
    ) {
        self.database = database
        self.audit = audit
        self.enclave = enclave
        self.signingKeys = signingKeys
        self.issuer = issuer
        self.clock = clock
        self.outbox = outbox
        breakers = ProviderBreakers(clock: clock)
        templates = MessageTemplates(database: database, audit: audit, clock: clock)
        testRecipients = TestRecipients(database: database, enclave: enclave, audit: audit, clock: clock)
        guardJournal = GuardJournal(
            database: database, audit: audit, watch: watch, outbox: guardOutbox, clock: clock)
        statistics = PasscodeStatistics(database: database, clock: clock)
    }

    /// To be called once the server is to end: a send that is under way then asks no further provider.
    public func beginEnding() { ending.raise() }

    /// Waits for the deliveries whose askers were answered before, at most as long as `limit`. To be called once no
    /// request comes any more. Returns how many are still under way.
    public func drain(within limit: Duration) async -> Int { await unattended.drain(within: limit) }

    /// The providers that are left out because they failed again and again, by name.
    public var providersLeftOut: [String] { breakers.leftOut }

    /// Deletes what ended long ago, tells of codes whose time is over, and empties sealed ones of them. However many there
    /// are to tell of, what is to be deleted waits for none of them.
    public func prune() async throws(PasscodeError) {
        let now = clock.now()
        try await database.prune(throwing: PasscodeError.self) { count, transaction in
            max(
                try Challenge.prune(now: now, count: count, in: transaction),
                try SendRecord.prune(now: now, count: count, in: transaction),
                try KnownContact.prune(now: now, count: count, in: transaction),
                try PasscodeStatistics.prune(now: now, count: count, in: transaction),
                try limits.prune(now: now, count: count, in: transaction))
        }
        try await endInterrupted(begunBefore: now - SendRecord.patience)
        try await tellExpired(now: now)
        let told = toldUntil(now: now)
        try await database.prune(throwing: PasscodeError.self) { count, transaction in
            try Challenge.expire(now: told, count: count, in: transaction)
        }
    }

    /// The enclave that is up, or a refusal before anything was counted.
    func presentEnclave() throws(PasscodeError) -> Greeting { try enclave.present() }

    func requireReal(_ contact: Contact) throws(PasscodeError) {
        guard !contact.isInvented else { throw .invalidPhoneNumber() }
    }
}
