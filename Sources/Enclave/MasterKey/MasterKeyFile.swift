import COpenSSL
import Encodings
import Glibc

/// The file that keeps the master key: a line that says what it is, then the key in hexadecimal.
public struct MasterKeyFile: Sendable {
    static let title = "countersign master key 1"
    private static let lengthLimit = 4096

    public let path: String

    /// The key's file in the data directory.
    public init(dataDirectory: String) { path = "\(dataDirectory)/master.key" }

    /// Makes a key, once: an existing file is never touched.
    /// - Throws: `alreadyExists`, or `notWritten` if it did not reach the disk.
    public func create(randomness: any RandomSource = SystemRandomness()) throws(MasterKeyError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw error(errno == EEXIST ? .alreadyExists : .notWritten) }
        defer { close(descriptor) }
        let text = Self.title + "\n" + Hexadecimal.encode(randomness.bytes(MasterKey.length)) + "\n"
        let bytes = Array(text.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0, syncFolder() else {
            unlink(path)
            throw error(.notWritten)
        }
    }

    /// - Throws: `missing`, `unreadable`, `loosePermissions`, `foreignOwner` or `malformed`.
    public func read() throws(MasterKeyError) -> MasterKey {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(errno == ENOENT ? .missing : .unreadable) }
        defer { close(descriptor) }
        try checkOwnership(descriptor)
        var content = [UInt8](repeating: 0, count: Self.lengthLimit)
        let count = Glibc.read(descriptor, &content, content.count)
        defer { OPENSSL_cleanse(&content, content.count) }
        guard count > 0, let key = Self.parse(content[..<count]) else { throw error(.malformed) }
        return key
    }

    private func checkOwnership(_ descriptor: Int32) throws(MasterKeyError) {
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            throw error(.unreadable)
        }
        guard information.st_mode & 0o077 == 0 else { throw error(.loosePermissions) }
        guard information.st_uid == geteuid() else { throw error(.foreignOwner) }
    }

    private func syncFolder() -> Bool {
        let folder = open(String(path.dropLast("master.key".utf8.count)), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        return fsync(folder) == 0
    }

    private func error(_ code: MasterKeyError.Code) -> MasterKeyError { MasterKeyError(code, path: path) }

    private static func parse(_ content: ArraySlice<UInt8>) -> MasterKey? {
        let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0].elementsEqual(title.utf8), lines[2].isEmpty else { return nil }
        guard lines[1].count == 2 * MasterKey.length else { return nil }
        guard var bytes = Hexadecimal.decode(String(decoding: lines[1], as: UTF8.self)) else { return nil }
        defer { OPENSSL_cleanse(&bytes, bytes.count) }
        return MasterKey(bytes: bytes)
    }
}
