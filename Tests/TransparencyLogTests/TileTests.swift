import Testing

@testable import TransparencyLog

@Suite("A log's tiles and bundles")
struct TileTests {
    @Test("hold the hashes that tlog-tiles defines, at every level", arguments: [1, 255, 256, 257, 700])
    func definition(count: Int) throws {
        let log = try MemoryLog(count: count)
        let tree = NaiveTree(leaves: log.entries)
        for (path, bytes) in log.pieces {
            guard case .hashes(let level) = path.content else { continue }
            let span = level == 0 ? 1 : 256
            let tile = try Tile(decoding: bytes, width: path.width)
            for (position, hash) in tile.hashes.enumerated() {
                let start = (Int(path.number) * 256 + position) * span
                #expect(hash.bytes == tree.root(of: start..<(start + span)), "\(path) \(position)")
            }
            #expect(tile.bytes == bytes)
        }
    }

    @Test("give the proofs that the whole tree gives, for sizes on both sides of a tile's border")
    func proofs() throws {
        let log = try MemoryLog(count: 700)
        let tree = NaiveTree(leaves: log.entries)
        for size in [1, 2, 200, 255, 256, 257, 511, 512, 513, 700] {
            let source = try tiles(ofSize: size, log)
            for index in stride(from: 0, to: size, by: 31) {
                let proof = try InclusionProof(of: UInt64(index), in: UInt64(size), from: source)
                #expect(proof.hashes.map(\.bytes) == tree.path(index, in: 0..<size), "\(index) in \(size)")
                let older = try ConsistencyProof(from: UInt64(index), to: UInt64(size), in: source)
                #expect(older.hashes.map(\.bytes) == tree.proof(from: index, to: size), "\(index) to \(size)")
            }
        }
    }

    private func tiles(ofSize size: Int, _ log: MemoryLog) throws -> TileHashes {
        let smaller = try MemoryLog(entries: Array(log.entries.prefix(size)), origin: "log.example/one")
        return TileHashes(size: UInt64(size)) { path in
            try Tile(decoding: #require(smaller.pieces[path]), width: path.width)
        }
    }

    @Test(
        "give proofs that verify around the first full tile of level 1",
        arguments: [65_535, 65_536, 65_537] as [UInt64])
    func largeProofs(size: UInt64) throws {
        let log = try MemoryLog(count: 65_537)
        let source = TileHashes(size: size) { path in
            // A tile of the larger log begins with the hashes that it had when the log was smaller.
            guard case .hashes(let level) = path.content else { throw LogError(.badPath, "") }
            let wider = try #require(TilePath(level: level, number: path.number, inTreeOf: 65_537))
            return try Tile(decoding: #require(log.pieces[wider]), width: wider.width)
        }
        let leaves = log.entries.map { LogHash.leaf($0) }
        let head = TreeEdge(leaves: leaves.prefix(Int(size))).head
        var index = 1
        while index < size {
            for leaf in [index - 1, index, Int(size) - index] {
                let proof = try InclusionProof(of: UInt64(leaf), in: size, from: source)
                try proof.verify(leaves[leaf], at: UInt64(leaf), in: head)
            }
            let older = TreeEdge(leaves: leaves.prefix(index)).head
            try ConsistencyProof(from: older.size, to: size, in: source).verify(from: older, to: head)
            index = index * 3 + 1
        }
        #expect(try TreeEdge(size: size, from: source).head == head)
    }

    @Test("are known before a proof reads them")
    func nodes() throws {
        let log = try MemoryLog(count: 700)
        let known = try Set(
            (InclusionProof.nodes(of: 300, in: 700) + ConsistencyProof.nodes(from: 333, to: 700))
                .map { try #require(TilePath(holding: $0, inTreeOf: 700)) })
        let source = TileHashes(size: 700) { path in
            #expect(known.contains(path))
            return try Tile(decoding: #require(log.pieces[path]), width: path.width)
        }
        _ = try InclusionProof(of: 300, in: 700, from: source)
        _ = try ConsistencyProof(from: 333, to: 700, in: source)
    }

    @Test("are refused in any other length")
    func lengths() throws {
        for count in [0, 31, 33, 63, 65, 96] {
            #expect(throws: LogError(.badTile, "")) { try Tile(decoding: .init(repeating: 0, count: count), width: 2) }
        }
        #expect(throws: LogError(.badTile, "")) { try Tile(decoding: [], width: 0) }
        #expect(throws: LogError(.badTile, "")) { try Tile(decoding: .init(repeating: 0, count: 257 * 32), width: 257) }
    }

    @Test("carry entries of every length up to 65,535 bytes")
    func entries() throws {
        let entries = [[], [1], .init(repeating: 2, count: 255), .init(repeating: 3, count: 65_535), [UInt8](0...255)]
        let bundle = try EntryBundle(entries)
        #expect(Array(bundle.bytes.prefix(5)) == [0, 0, 0, 1, 1])
        let read = try EntryBundle(decoding: bundle.bytes, count: 5)
        #expect(read.map { Array($0) } == entries)
        for count in [-1, 0, 4, 6, 257] {
            #expect(throws: LogError(.badBundle, "")) { try EntryBundle(decoding: bundle.bytes, count: count) }
        }
        for length in bundle.bytes.count - 300..<bundle.bytes.count {
            #expect(throws: LogError(.badBundle, "")) {
                try EntryBundle(decoding: Array(bundle.bytes.prefix(length)), count: 5)
            }
        }
        #expect(throws: LogError(.badBundle, "")) { try EntryBundle([.init(repeating: 0, count: 65_536)]) }
        #expect(throws: LogError(.badBundle, "")) { try EntryBundle([[UInt8]](repeating: [], count: 257)) }
    }
}
