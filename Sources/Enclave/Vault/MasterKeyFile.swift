import EnclaveLink
import Glibc
import SealedPasscodes

/// The file that keeps the master keys, in the clear or wrapped.
struct MasterKeyFile: Sendable {
    private static let lengthLimit = 16_384

    let path: String

    /// The file in the data directory.
    init(dataDirectory: String) { path = "\(dataDirectory)/master.key" }

    /// Writes it, once: an existing file is never touched.
    /// - Throws: `alreadyExists`, or `notWritten` if it did not reach the disk.
    func create(_ text: [UInt8]) throws(MasterKeyError) {
        do { try PrivateFile(path: path).create(text) } catch { throw self.error(error) }
    }

    /// Everything in it. The caller wipes it.
    /// - Throws: `missing`, `unreadable`, `loosePermissions`, `foreignOwner` or `malformed`.
    func read() throws(MasterKeyError) -> [UInt8] {
        let descriptor: OwnedDescriptor
        do { descriptor = try PrivateFile(path: path).open(O_RDONLY) } catch { throw self.error(error) }
        guard let text = descriptor.read(at: 0, limit: Self.lengthLimit + 1) else {
            throw MasterKeyError(.unreadable, path: path)
        }
        guard !text.isEmpty, text.count <= Self.lengthLimit else { throw MasterKeyError(.malformed, path: path) }
        return text
    }

    /// Puts another content in its place. A crash leaves the one or the other, whole.
    /// - Throws: `notWritten`; the old content stands then.
    func replace(_ text: [UInt8]) throws(MasterKeyError) {
        let fresh = "\(path).new"
        // What an earlier attempt left, which never became the file.
        unlink(fresh)
        do { try PrivateFile(path: fresh).create(text) } catch { throw MasterKeyError(.notWritten, path: path) }
        guard rename(fresh, path) == 0, PrivateFile(path: path).syncFolder() else {
            unlink(fresh)
            throw MasterKeyError(.notWritten, path: path)
        }
    }

    /// Does something while nobody else changes the file: a rotation and `rewrap` are of two processes.
    /// - Throws: `notWritten` if the folder cannot be locked, and what `change` throws.
    func changing<Value>(_ change: () throws(VaultError) -> Value) throws(VaultError) -> Value {
        let folder = String(path.dropLast("/master.key".count))
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .masterKey(MasterKeyError(.notWritten, path: path)) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .masterKey(MasterKeyError(.notWritten, path: path)) }
        }
        return try change()
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
}
