import Storage
import TransparencyLog

/// Where a tile of hashes is stored: level and number as tlog-tiles counts them.
struct TilePlace: Hashable {
    let level: Int
    let number: UInt64
}

/// The tiles of a workspace's log in the table `audit_tile`, read in one unit of work; those that are not stored yet go
/// first.
struct StoredTiles {
    let workspace: String
    let transaction: any Transaction
    var fresh: [TilePlace: [LogHash]] = [:]

    /// The hashes of the tree of the first `size` entries. They throw `LogError` where a tile is missing or too short.
    func hashes(ofSize size: UInt64) -> TileHashes { TileHashes(size: size, read: tile) }

    /// A tile, or the beginning that the path's width asks for. Throws `LogError` where it is missing or too short.
    func tile(_ path: TilePath) throws -> Tile {
        guard case .hashes(let level) = path.content else { throw MissingTile() }
        let place = TilePlace(level: level, number: path.number)
        if let hashes = fresh[place], hashes.count >= path.width { return try Tile(Array(hashes.prefix(path.width))) }
        let row = try transaction.row(
            "SELECT hashes FROM audit_tile WHERE workspace = $1 AND level = $2 AND number = $3",
            [.text(workspace), .integer(Int64(level)), .integer(Int64(path.number))])
        guard let row else { throw MissingTile() }
        return try Tile(decoding: Array(row.bytes(0).prefix(path.width * LogHash.length)), width: path.width)
    }

    /// Puts tiles in the place of shorter ones.
    static func write(
        _ tiles: [TilePlace: [LogHash]], workspace: String, in transaction: any Transaction
    ) throws {
        for (place, hashes) in tiles {
            try transaction.execute(
                """
                INSERT INTO audit_tile (workspace, level, number, hashes) VALUES ($1, $2, $3, $4)
                ON CONFLICT (workspace, level, number) DO UPDATE SET hashes = $4
                """,
                [
                    .text(workspace), .integer(Int64(place.level)), .integer(Int64(place.number)),
                    .bytes(try Tile(hashes).bytes),
                ])
        }
    }
}

/// A tile of the tree that was signed is not there.
struct MissingTile: Error {}
