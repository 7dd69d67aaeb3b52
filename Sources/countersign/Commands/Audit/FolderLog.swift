import FoundationEssentials
import TransparencyLog

/// A log's files in a folder, named as they are served.
struct FolderLog: LogSource {
    let path: String

    func checkpoint() async throws -> [UInt8]? { try file("checkpoint") }

    func contents(of path: TilePath) async throws -> [UInt8]? { try file("\(path)") }

    /// A file's bytes; of one that is longer than any bundle can be, so many that it is none.
    private func file(_ name: String) throws -> [UInt8]? {
        let path = "\(path)/\(name)"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try FilePieces(path: path).beginning(atMost: EntryBundle.maximumLength + 1)
    }
}
