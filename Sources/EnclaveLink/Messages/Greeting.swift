/// A random name that an enclave process takes when it starts. A challenge made under another boot is refused:
/// the memory of its attempts died with that process.
public struct BootIdentifier: Hashable, Sendable {
    /// 16 random bytes.
    public let bytes: [UInt8]

    public init(bytes: [UInt8]) { self.bytes = bytes }
}

/// Asks an enclave who it is. The first request on every connection; later it tells whether anybody is there.
public struct Greet: EnclaveRequest {
    public typealias Reply = Greeting
    public static let kind = RequestKind.greet
    public let timeLimit: Int

    /// - Parameter timeLimit: milliseconds. The supervisor ends a process that does not greet in time; the default is
    ///   only longer than that.
    public init(timeLimit: Int = 60_000) { self.timeLimit = timeLimit }
}

/// What an enclave says of itself.
public struct Greeting: Equatable, Sendable, Redacted {
    public var boot: BootIdentifier
    /// Unix time in milliseconds at which the enclave started.
    public var startedAt: Int64
    public var isolation: IsolationReport
    /// Whom the enclave talks to. A channel for which none is configured goes to the inbox, one for which there are
    /// several to the first that takes the message.
    public var providers: [ConfiguredProvider]
    /// Where webhooks may go; nil where the enclave delivers none.
    public var webhooks: WebhookReach?
    /// A key derived from the master key with which the host makes the digests that it finds contacts by.
    /// It opens nothing; it keeps a stolen database from being searched for phone numbers.
    public var contactIndexKey: [UInt8]
    /// A key derived from the master key, from which the host derives the keys that personal parts of audit entries are
    /// sealed with, so that a stolen database does not tell who came from where.
    public var auditKey: [UInt8]
    /// The Ed25519 public key (32 bytes) of the one that checkpoints of audit logs are signed with.
    public var logKey: [UInt8]

    public init(
        boot: BootIdentifier, startedAt: Int64, isolation: IsolationReport, providers: [ConfiguredProvider],
        webhooks: WebhookReach?, contactIndexKey: [UInt8], auditKey: [UInt8], logKey: [UInt8]
    ) {
        self.boot = boot
        self.startedAt = startedAt
        self.isolation = isolation
        self.providers = providers
        self.webhooks = webhooks
        self.contactIndexKey = contactIndexKey
        self.auditKey = auditKey
        self.logKey = logKey
    }

    public var description: String { "<greeting>" }
}

/// A provider in the enclave's configuration, and the one destination that the host opens streams to for it.
public struct ConfiguredProvider: Equatable, Sendable {
    /// What a provider is asked for.
    public enum Purpose: Equatable, Sendable {
        /// It brings the messages of this channel.
        case messages(Channel)
        /// It says whether visitors solved a captcha.
        case captcha
        /// It cosigns the heads of the audit logs; its name is that of its key.
        case witness
    }

    public var purpose: Purpose
    public var name: String
    public var host: String
    public var port: UInt16

    public init(purpose: Purpose, name: String, host: String, port: UInt16) {
        self.purpose = purpose
        self.name = name
        self.host = host
        self.port = port
    }
}

/// Which walls stand around the enclave process (`docs/security-model.md` says what each is worth).
public struct IsolationReport: Equatable, Sendable {
    /// The seccomp allow-list is in force for every thread.
    public var systemCallFilter: Bool
    /// The process has a network namespace of its own, without interfaces.
    public var networkNamespace: Bool
    public var noNewPrivileges: Bool
    /// Neither a debugger nor a core dump can read its memory.
    public var notDumpable: Bool
    /// Pages are locked, so that they never reach a swap device.
    public var memoryLocked: Bool
    /// The process runs as another user than the host.
    public var separateUser: Bool

    public init(
        systemCallFilter: Bool, networkNamespace: Bool, noNewPrivileges: Bool, notDumpable: Bool, memoryLocked: Bool,
        separateUser: Bool
    ) {
        self.systemCallFilter = systemCallFilter
        self.networkNamespace = networkNamespace
        self.noNewPrivileges = noNewPrivileges
        self.notDumpable = notDumpable
        self.memoryLocked = memoryLocked
        self.separateUser = separateUser
    }
}
