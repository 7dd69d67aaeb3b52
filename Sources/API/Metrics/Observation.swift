import AuditLog
import EnclaveLink
import HTTPServer
import Storage

/// What the program around the rooms knows of itself, for `/metrics` and `/health`. Each figure is looked up when it is
/// asked for; nil where nobody can say.
public struct Observation: Sendable {
    public let traffic: Traffic
    public let storage: @Sendable () -> StorageFigures?
    public let files: @Sendable () -> FileFigures?
    public let enclave: @Sendable () -> EnclaveFigures?
    public let sequencing: @Sendable () async -> SequencingFigures?
    public let process: @Sendable () -> ProcessFigures?

    public init(
        traffic: Traffic = Traffic(), storage: @escaping @Sendable () -> StorageFigures? = { nil },
        files: @escaping @Sendable () -> FileFigures? = { nil },
        enclave: @escaping @Sendable () -> EnclaveFigures? = { nil },
        sequencing: @escaping @Sendable () async -> SequencingFigures? = { nil },
        process: @escaping @Sendable () -> ProcessFigures? = { nil }
    ) {
        self.traffic = traffic
        self.storage = storage
        self.files = files
        self.enclave = enclave
        self.sequencing = sequencing
        self.process = process
    }
}

/// The disk under the data folder.
public struct FileFigures: Sendable, Equatable {
    /// Bytes that the server may still write there.
    public var free: Int
    /// Bytes of the database, and of its write-ahead log.
    public var database: Int
    public var log: Int

    public init(free: Int, database: Int, log: Int) {
        self.free = free
        self.database = database
        self.log = log
    }
}

/// The host's process.
public struct ProcessFigures: Sendable, Equatable {
    /// Bytes of memory that are in use.
    public var residentMemory: Int
    public var openDescriptors: Int
    public var descriptorLimit: Int
    public var threads: Int
    /// Seconds of all processors.
    public var processorSeconds: Double
    /// Seconds since 1970.
    public var startedAt: Double

    public init(
        residentMemory: Int, openDescriptors: Int, descriptorLimit: Int, threads: Int, processorSeconds: Double,
        startedAt: Double
    ) {
        self.residentMemory = residentMemory
        self.openDescriptors = openDescriptors
        self.descriptorLimit = descriptorLimit
        self.threads = threads
        self.processorSeconds = processorSeconds
        self.startedAt = startedAt
    }
}
