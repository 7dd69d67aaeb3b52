import Crypto
import Encodings
import FoundationEssentials
import Glibc

/// What a backup's folder says of itself, in `backup.json`.
struct BackupManifest: Codable {
    static let database = "countersign.db"
    static let file = "backup.json"

    /// Of this file's form: 1.
    var version = 1
    /// RFC 3339, UTC.
    var createdAt: String
    /// Hexadecimal SHA-256 of the database's file.
    var databaseDigest: String
    /// Bytes of the database's file.
    var databaseSize: Int

    enum CodingKeys: String, CodingKey {
        case version
        case createdAt = "created_at"
        case databaseDigest = "database_sha256"
        case databaseSize = "database_bytes"
    }

    /// Reads the manifest in `folder` and compares the database there with it. Throws `CommandError` where they differ.
    static func checked(in folder: String) throws -> BackupManifest {
        let path = "\(folder)/\(file)"
        guard let text = FileManager.default.contents(atPath: path) else {
            throw CommandError("\(path) is missing: name the folder that countersign backup wrote")
        }
        guard let manifest = try? JSONDecoder().decode(BackupManifest.self, from: text), manifest.version == 1 else {
            throw CommandError("\(path) is not what this version of countersign backup writes")
        }
        let (digest, size) = try digest(of: "\(folder)/\(database)")
        guard digest == manifest.databaseDigest, size == manifest.databaseSize else {
            throw CommandError("\(folder)/\(database) is not what was backed up: take another copy of the backup")
        }
        return manifest
    }

    /// SHA-256 of a file, in hexadecimal, and its bytes. Reads it in pieces.
    static func digest(of path: String) throws -> (digest: String, size: Int) {
        guard let file = fopen(path, "re") else {
            throw CommandError("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var hash = SHA256()
        var size = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            hash.update(data: buffer[..<count])
            size += count
        }
        guard ferror(file) == 0 else { throw CommandError("cannot read \(path): \(String(cString: strerror(errno)))") }
        return (Hexadecimal.encode(Array(hash.finalize())), size)
    }
}
