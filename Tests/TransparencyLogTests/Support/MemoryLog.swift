import Crypto

@testable import TransparencyLog

/// A log of which everything is in memory and can be falsified.
struct MemoryLog: LogSource {
    /// The signer of one installation: one key, whatever the origin.
    static func signer(_ origin: String = "log.example/one") throws -> NoteSigner {
        let key = try Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: 7, count: 32))
        return try NoteSigner(name: KeyName(origin), privateKey: key)
    }

    private(set) var entries: [[UInt8]]
    var note: [UInt8]?
    var pieces: [TilePath: [UInt8]] = [:]

    func checkpoint() async throws -> [UInt8]? { note }
    func contents(of path: TilePath) async throws -> [UInt8]? { pieces[path] }

    /// A whole log of `count` entries, no two of which are equal.
    init(count: Int, origin: String = "log.example/one") throws {
        try self.init(entries: (0..<count).map { Array("\(origin) entry \($0)".utf8) }, origin: origin)
    }

    init(entries: [[UInt8]], origin: String) throws {
        self.entries = entries
        var level = 0
        var hashes = entries.map { LogHash.leaf($0) }
        while !hashes.isEmpty {
            for (path, tile) in try Self.tiles(hashes, level) { pieces[path] = tile.bytes }
            hashes = try Self.tiles(hashes, level).filter { !$0.0.isPartial }.map { $0.1.root }
            level += 1
        }
        for start in stride(from: 0, to: entries.count, by: 256) {
            let bundle = entries[start..<min(start + 256, entries.count)]
            let path = try TilePath(.entries, number: UInt64(start / 256), width: bundle.count)
            pieces[path] = try EntryBundle(bundle).bytes
        }
        try sign(TreeEdge(leaves: entries.map { LogHash.leaf($0) }).head, origin: origin)
    }

    private static func tiles(_ hashes: [LogHash], _ level: Int) throws -> [(TilePath, Tile)] {
        try stride(from: 0, to: hashes.count, by: 256).map { start in
            let tile = try Tile(Array(hashes[start..<min(start + 256, hashes.count)]))
            return (try TilePath(.hashes(level: level), number: UInt64(start / 256), width: tile.hashes.count), tile)
        }
    }

    private mutating func sign(_ head: TreeHead, origin: String) throws {
        let checkpoint = try Checkpoint(origin: KeyName(origin), head: head)
        note = Array(try Self.signer(origin).sign(checkpoint.text).encoded.utf8)
    }

    /// The log with one byte of the piece at `path` changed.
    func flipping(_ byte: Int, of path: TilePath) -> MemoryLog {
        var changed = self
        changed.pieces[path]?[byte] ^= 0x40
        return changed
    }

    /// Where each entry begins in the bundle at `path`, with its length.
    func starts(in path: TilePath) -> [Int] {
        let first = Int(path.firstEntry)
        return entries[first..<(first + path.width)].dropLast().reduce(into: [0]) {
            $0.append($0[$0.count - 1] + 2 + $1.count)
        }
    }

    /// Puts other entries into the bundle of `path`, and leaves all else as it is.
    mutating func replaceEntries(at path: TilePath, _ change: (inout [[UInt8]]) -> Void) throws {
        let start = Int(path.firstEntry)
        var bundle = Array(entries[start..<(start + path.width)])
        change(&bundle)
        pieces[path] = try EntryBundle(bundle).bytes
    }

    /// What its checkpoint says.
    func head() throws -> Checkpoint {
        try Checkpoint(opening: SignedNote(parsing: note ?? []), signedBy: Self.key())
    }

    static func key() throws -> VerifierKey { try signer().verifierKey }

    /// What a verifier finds; nil where everything fits.
    func fault(minimumIndex: UInt64 = 0) async throws -> LogFault? {
        do {
            _ = try await LogVerifier(self, key: Self.key(), minimumIndex: minimumIndex).verify()
            return nil
        } catch let fault as LogFault {
            return fault
        }
    }
}

extension TilePath {
    /// The index of the first entry after all that it can have below it.
    var end: UInt64 { TilePath(unchecked: content, number: number + 1, width: width).firstEntry }
}
