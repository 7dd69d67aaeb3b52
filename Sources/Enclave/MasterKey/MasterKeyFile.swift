import COpenSSL
import Encodings
import EnclaveLink
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
        var bytes = Array((Self.title + "\n" + Hexadecimal.encode(randomness.bytes(MasterKey.length)) + "\n").utf8)
        defer { OPENSSL_cleanse(&bytes, bytes.count) }
        do { try PrivateFile(path: path).create(bytes) } catch { throw self.error(error) }
    }

    /// - Throws: `missing`, `unreadable`, `loosePermissions`, `foreignOwner` or `malformed`.
    public func read() throws(MasterKeyError) -> MasterKey {
        let descriptor: OwnedDescriptor
        do { descriptor = try PrivateFile(path: path).open(O_RDONLY) } catch { throw self.error(error) }
        var content = [UInt8](repeating: 0, count: Self.lengthLimit)
        let count = withExtendedLifetime(descriptor) { Glibc.read(descriptor.number, &content, content.count) }
        defer { OPENSSL_cleanse(&content, content.count) }
        guard count > 0, let key = Self.parse(content[..<count]) else {
            throw MasterKeyError(.malformed, path: path)
        }
        return key
    }

    private func error(_ fault: PrivateFile.Fault) -> MasterKeyError {
        let code: MasterKeyError.Code =
            switch fault {
            case .missing: .missing
            case .unreadable: .unreadable
            case .loosePermissions: .loosePermissions
            case .foreignOwner: .foreignOwner
            case .alreadyExists: .alreadyExists
            case .notWritten: .notWritten
            }
        return MasterKeyError(code, path: path)
    }

    private static func parse(_ content: ArraySlice<UInt8>) -> MasterKey? {
        let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0].elementsEqual(title.utf8), lines[2].isEmpty else { return nil }
        guard lines[1].count == 2 * MasterKey.length else { return nil }
        guard var bytes = Hexadecimal.decode(String(decoding: lines[1], as: UTF8.self)) else { return nil }
        defer { OPENSSL_cleanse(&bytes, bytes.count) }
        return MasterKey(bytes: bytes)
    }
}
