import Glibc
import Synchronization
import Threads

/// A database in one file, owned by this process.
///
/// Writes are durable when they return, and so is what reads have seen: write-ahead log, one commit for all writes that
/// waited (`SQLiteWriter`), one synchronization for all commits that waited (`Durability`). Reads run on the calling
/// thread, beside each other and beside the writer.
public final class SQLiteDatabase: Database {
    private let queue: WriteQueue
    private let writer: SQLiteWriter
    private let durability: Durability
    private let readers: SQLiteReaders
    private let ending: Ending
    private let readerWait: Duration

    /// Opens the file at `path`, creating it (mode 0600) where there is none, and brings its schema up to the last of
    /// `migrations`, which must be numbered 1, 2, 3, ….
    ///
    /// Blocks while it works: call it when the program starts. A database that was opened before in this process must
    /// be closed first.
    ///
    /// - Parameter time: written beside the migrations applied now, in seconds since 1970; nil for the system's clock.
    /// - Throws: `StorageError` with code `unavailable` (another process owns the file, or it cannot be opened),
    ///   `newerSchema`, or `invalidDatabase` (no database, another program's, a migration failed or was changed).
    public static func open(
        path: String, migrations: [Migration], settings: SQLiteSettings = SQLiteSettings(), time: Int64? = nil
    ) throws(StorageError) -> SQLiteDatabase {
        try open(path: path, migrations: migrations, settings: settings, time: time) { log throws(StorageError) in
            try log.synchronize()
        }
    }

    /// `open`, with another way to bring the log to the disk.
    static func open(
        path: String, migrations: [Migration], settings: SQLiteSettings, time: Int64?,
        synchronizing: @escaping @Sendable (LogFile) throws(StorageError) -> Void
    ) throws(StorageError) -> SQLiteDatabase {
        // SQLite reads ":memory:", "" and "file:" as something else than a file that all connections share.
        guard !path.isEmpty, !path.hasPrefix(":"), !path.hasPrefix("file:") else {
            throw StorageError(.invalidDatabase, reason: "\"\(path)\" is no path of a database file")
        }
        let lock = try OwnershipLock(databasePath: path)
        try DatabaseFile.prepare(path)
        do {
            let connection = try SQLiteConnection.writer(path: path, settings: settings)
            try SchemaHistory(connection: connection, path: path).apply(
                migrations, at: time ?? Int64(Glibc.time(nil)))
            let readers = try SQLiteReaders(path: path, count: settings.readers)
            let log = try LogFile(of: connection)
            let durability = Durability { () throws(StorageError) in try synchronizing(log) }
            return try SQLiteDatabase(connection, readers, durability, settings, lock)
        } catch {
            guard error.code == .invalidDatabase, !error.reason.contains(path) else { throw error }
            throw StorageError(.invalidDatabase, reason: "\(path) cannot be read: \(error.reason)")
        }
    }

    private init(
        _ connection: SQLiteConnection, _ readers: SQLiteReaders, _ durability: Durability, _ settings: SQLiteSettings,
        _ lock: OwnershipLock
    ) throws(StorageError) {
        let queue = WriteQueue(limit: settings.waitingWrites)
        let ending = Ending()
        let writer = SQLiteWriter(
            connection: connection, queue: queue, durability: durability, settings: settings)
        self.queue = queue
        self.writer = writer
        self.readers = readers
        self.durability = durability
        self.ending = ending
        readerWait = settings.readerWait
        guard DetachedThread.start("storage sync", durability.run) else { throw .noThread }
        let started = DetachedThread.start("storage") {
            writer.run()
            durability.close()
            // Last of all the writer's connection: only it can empty the log into the file.
            readers.close()
            writer.close()
            lock.release()
            ending.reach()
        }
        guard started else {
            durability.close()
            throw .noThread
        }
    }

    deinit { queue.close() }

    public func write<Value: Sendable>(
        _ work: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { queue.add(WaitingWrite(work, caller: $0)) }
    }

    public func read<Value: Sendable>(_ work: @Sendable (any Transaction) throws -> Value) async throws -> Value {
        let outcome = Result { try readers.read(work) }
        // A reader sees a commit before it is on the disk; nobody is told of it before.
        try await durability.waitForVisible()
        return try outcome.get()
    }

    public func forgetDeleted() async throws {
        let end = ContinuousClock.now + readerWait
        while true {
            do { return try await emptyLog() } catch  where ContinuousClock.now < end && !isClosing {
                // Where one read follows the other there is a moment between them. Meanwhile writes go on.
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func emptyLog() async throws {
        try await withCheckedThrowingContinuation { queue.add(WaitingEmptying(caller: $0)) } as Void
    }

    /// The file is locked for this process (`OwnershipLock`).
    public var hasOneOwner: Bool { true }

    public func close() async {
        queue.close()
        await ending.wait()
    }
}

extension SQLiteDatabase {
    /// How many writes wait for the writer at this moment.
    var waitingWrites: Int { queue.count }

    /// How many commits this process has made.
    var commits: Int { writer.commits.load(ordering: .relaxed) }

    /// What this process has done to the database, and what waits.
    public var figures: StorageFigures {
        StorageFigures(
            waitingWrites: waitingWrites, waitingLimit: queue.limit, writes: writer.writes.load(ordering: .relaxed),
            commits: commits, synchronizations: durability.synchronizations, isRefusing: durability.failure != nil)
    }

    /// Whether new writes are refused.
    var isClosing: Bool { queue.isClosed }
}

extension StorageError {
    fileprivate static let noThread = StorageError(.unavailable, reason: "the system gave no thread")
}
