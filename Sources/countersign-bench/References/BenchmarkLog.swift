import Crypto
import TransparencyLog

/// A whole signed log in memory, for verifiers.
struct BenchmarkLog: LogSource {
    let key: VerifierKey
    private var note: [UInt8] = []
    private var pieces: [TilePath: [UInt8]] = [:]

    /// A log of `count` entries of `length` bytes each, no two of which are equal.
    init(count: Int, length: Int) throws {
        let signer = try NoteSigner(name: KeyName("log.example/benchmark"), privateKey: .init())
        key = signer.verifierKey
        var edge = TreeEdge()
        var levels: [[LogHash]] = [[]]
        for start in stride(from: 0, to: count, by: TilePath.fullWidth) {
            let entries = (start..<min(start + TilePath.fullWidth, count)).map { Self.entry($0, length) }
            let path = try TilePath(.entries, number: UInt64(start / TilePath.fullWidth), width: entries.count)
            pieces[path] = try EntryBundle(entries).bytes
            let leaves = entries.map { LogHash.leaf($0) }
            for leaf in leaves { edge.append(leaf) }
            levels[0] += leaves
        }
        while let hashes = levels.last, !hashes.isEmpty { levels.append(try add(hashes, level: levels.count - 1)) }
        let checkpoint = Checkpoint(origin: key.name, head: edge.head)
        note = Array(try signer.sign(checkpoint.text).encoded.utf8)
    }

    /// Adds the tiles of a level, and gives the hashes of the level above.
    private mutating func add(_ hashes: [LogHash], level: Int) throws -> [LogHash] {
        var above: [LogHash] = []
        for start in stride(from: 0, to: hashes.count, by: TilePath.fullWidth) {
            let tile = try Tile(Array(hashes[start..<min(start + TilePath.fullWidth, hashes.count)]))
            let number = UInt64(start / TilePath.fullWidth)
            let path = try TilePath(.hashes(level: level), number: number, width: tile.hashes.count)
            pieces[path] = tile.bytes
            if !path.isPartial { above.append(tile.root) }
        }
        return above
    }

    private static func entry(_ index: Int, _ length: Int) -> [UInt8] {
        let text = Array("{\"sequence\":\(index + 1)}".utf8)
        return text + [UInt8](repeating: UInt8(ascii: " "), count: max(0, length - text.count))
    }

    func checkpoint() async throws -> [UInt8]? { note }
    func contents(of path: TilePath) async throws -> [UInt8]? { pieces[path] }
}
