import Glibc

/// The folder that holds an installation.
struct DataDirectory: Sendable {
    let path: String

    var database: String { path + "/countersign.db" }
    var socket: String { path + "/countersign.sock" }
    var masterKey: String { path + "/master.key" }
    /// There while the HSM refused its PIN, and nobody said that it was corrected.
    var refusedPIN: String { masterKey + ".pin-refused" }
    var inbox: String { path + "/inbox" }
    var configuration: String { path + "/countersign.yaml" }
    var enclaveConfiguration: String { path + "/enclave.yaml" }

    /// Bytes that may still be written on its disk; nil where it cannot be read, and `errno` says why.
    var freeBytes: Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    /// True once the installation was initialised.
    var holdsDatabase: Bool { access(database, F_OK) == 0 }
    var holdsMasterKey: Bool { access(masterKey, F_OK) == 0 }

    /// Makes the folder, for this user alone. Refuses one that others may write to: they could put a database or a
    /// configuration of their own there.
    func create() throws(CommandError) {
        // sockaddr_un has room for 107 bytes.
        guard socket.utf8.count <= 107 else {
            throw CommandError(
                "\(socket) is too long for a Unix socket: use a shorter --data, or change into the folder")
        }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw CommandError("cannot make the folder \(path): \(String(cString: strerror(errno)))")
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw CommandError("\(path) is no folder: name another with --data")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw CommandError("other users may write to \(path): run chmod 700 \(path)")
        }
    }
}
