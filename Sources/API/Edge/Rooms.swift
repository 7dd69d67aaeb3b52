import AuditLog
import Encodings
import EnclaveLink
import HTTPServer
import Logging
import Passcodes
import Webhooks
import Workspaces

/// What the routes stand on. A reference, because every request passes it on.
public final class Rooms: Sendable {
    public let directory: WorkspaceDirectory
    public let keys: APIKeys
    public let challenges: Challenges
    public let signingKeys: SigningKeys
    public let users: Users
    public let sessions: Sessions
    public let captcha: Captcha
    public let visitorLimit: VisitorLimit
    public let permissions: PermissionRooms
    public let audit: AuditReader
    public let auditLog: AuditLogRooms
    public let webhookEndpoints: WebhookEndpoints
    public let webhookDeliveries: WebhookDeliveries
    public let masterKey: MasterKeyRotation
    public let enclave: any EnclaveCalling
    public let issuer: Issuer
    public let logger: Logger
    public let clock: WallClock
    /// What `doctor` checks beside the enclave and the keys.
    public let checkup: Checkup
    /// How long answers about permissions took.
    let durations = RequestDurations()
    let healthMemory = HealthMemory()
    let databaseQuestion, enclaveQuestion: PatientQuestion
    /// What the program knows of itself.
    public let observation: Observation
    /// Where weaknesses are reported; nil where nothing was configured.
    public let securityContact: SecurityContact?
    /// Nil unless this server is one to develop on.
    public let demonstration: Demonstration?
    /// The listener's certificate; nil where it speaks plain HTTP.
    public let tls: TLSIdentity?
    public let leakedKeys: LeakedKeys
    /// Whose reports of leaked keys are known by their signature.
    public let leakReporters: LeakReporters
    /// From where operators' keys are accepted.
    public let operatorAddresses: AddressList

    /// - Parameter healthPatience: how long a look at the server's health waits for whoever is asked.
    public init(
        directory: WorkspaceDirectory, keys: APIKeys, challenges: Challenges, signingKeys: SigningKeys,
        users: Users, sessions: Sessions, captcha: Captcha, visitorLimit: VisitorLimit, permissions: PermissionRooms,
        audit: AuditReader, auditLog: AuditLogRooms, webhookEndpoints: WebhookEndpoints,
        webhookDeliveries: WebhookDeliveries, masterKey: MasterKeyRotation, enclave: any EnclaveCalling,
        issuer: Issuer, logger: Logger, clock: WallClock = .system, checkup: Checkup,
        demonstration: Demonstration? = nil, tls: TLSIdentity? = nil,
        operatorAddresses: AddressList = .everywhere, leakedKeys: LeakedKeys, leakReporters: LeakReporters = .init(),
        observation: Observation = Observation(),
        securityContact: SecurityContact? = nil, healthPatience: Duration = .milliseconds(1500)
    ) {
        self.directory = directory
        self.keys = keys
        self.challenges = challenges
        self.signingKeys = signingKeys
        self.users = users
        self.sessions = sessions
        self.captcha = captcha
        self.visitorLimit = visitorLimit
        self.permissions = permissions
        self.audit = audit
        self.auditLog = auditLog
        self.webhookEndpoints = webhookEndpoints
        self.webhookDeliveries = webhookDeliveries
        self.masterKey = masterKey
        self.enclave = enclave
        self.issuer = issuer
        self.logger = logger
        self.clock = clock
        self.checkup = checkup
        self.demonstration = demonstration
        self.tls = tls
        self.operatorAddresses = operatorAddresses
        self.leakedKeys = leakedKeys
        self.leakReporters = leakReporters
        self.observation = observation
        self.securityContact = securityContact
        databaseQuestion = PatientQuestion(patience: healthPatience)
        enclaveQuestion = PatientQuestion(patience: healthPatience)
    }
}

/// The name in the tokens, and where it can be reached.
public struct Issuer: Equatable, Sendable {
    /// `iss`.
    public let name: String
    /// Where the key sets are: the issuer itself where it was configured, else the listener's address.
    public let address: String
    /// All addresses under which clients may know this server: a proof of possession names one of them.
    public let addresses: [String]

    /// - Parameter listener: the listener's address, in each of its spellings.
    public init(name: String, address: String, listener: [String] = []) {
        self.name = name
        self.address = address
        addresses = [name, address] + listener
    }

    /// The issuer without its scheme: a host, with a port where it names one. The audit logs' origins begin with it.
    public var host: String {
        let rest = name.split(separator: "://", maxSplits: 1).last ?? ""
        return String(rest.prefix { $0 != "/" })
    }

    /// `jwks_uri`.
    var keySetAddress: String { address + "/.well-known/jwks.json" }
}
