/// Where a log to be verified lies: in a folder, behind a URL, in an export. Nothing that it gives is believed.
public protocol LogSource: Sendable {
    /// The newest checkpoint, a signed note; nil where there is none.
    /// - Throws: whatever keeps it from being read, which says nothing about the log.
    func checkpoint() async throws -> [UInt8]?

    /// The tile or the bundle of entries at `path`, as it is served; nil where there is none.
    /// - Throws: whatever keeps it from being read, which says nothing about the log.
    func contents(of path: TilePath) async throws -> [UInt8]?
}
