import Storage

/// An entry, and what can be read of its personal part.
public struct OpenedEntry: Sendable, Equatable {
    public let entry: RecordedEntry
    public let personal: PersonalReading
}

/// Reads the log back.
public struct AuditReader: Sendable {
    /// Entries that are counted, at most: a longer log is not counted to its end for each page.
    public static let countLimit = 100_000

    let database: any Database
    let wrapping: WrappingKey

    /// - Parameter trail: has the key that personal parts open with.
    public init(database: any Database, trail: AuditTrail) {
        self.database = database
        wrapping = trail.wrapping
    }

    /// Entries that match, the newest first. Throws `StorageError`.
    ///
    /// - Parameters:
    ///   - offset: how many of the newest are left out. Whoever reads on and on sets `before` instead.
    ///   - limit: how many come, at most.
    public func entries(
        _ filter: AuditFilter, workspace: String, offset: Int = 0, limit: Int
    ) async throws -> [OpenedEntry] {
        try await database.read { transaction in
            guard let search = try AuditSearch(filter, workspace: workspace, in: transaction) else { return [] }
            var opening = PersonalOpening(workspace: workspace, wrapping: wrapping)
            return try search.entries(offset: offset, limit: limit).map { entry in
                OpenedEntry(entry: entry, personal: try opening.open(entry, in: transaction))
            }
        }
    }

    /// How many entries match, counted to `countLimit`. Throws `StorageError`.
    public func count(_ filter: AuditFilter, workspace: String) async throws -> Int {
        try await counts(filter, workspace: workspace).reduce(0) { $0 + $1.count }
    }

    /// How many entries match, by action, of the newest `countLimit`. Throws `StorageError`.
    public func counts(_ filter: AuditFilter, workspace: String) async throws -> [(action: String, count: Int)] {
        try await database.read { transaction in
            let search = try AuditSearch(filter, workspace: workspace, in: transaction)
            return try search?.counts(limit: Self.countLimit) ?? []
        }
    }
}
