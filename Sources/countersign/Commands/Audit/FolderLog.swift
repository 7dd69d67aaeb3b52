import FoundationEssentials
import TransparencyLog

/// A log's files in a folder, named as they are served.
struct FolderLog: LogSource {
    let path: String

    func checkpoint() async throws -> [UInt8]? { try file("checkpoint") }

    func contents(of path: TilePath) async throws -> [UInt8]? { try file("\(path)") }

    private func file(_ name: String) throws -> [UInt8]? {
        let url = URL(filePath: "\(path)/\(name)")
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return Array(try Data(contentsOf: url))
    }
}
