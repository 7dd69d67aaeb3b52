import Glibc

/// Writes a file that was not there before.
enum NewFile {
    /// Throws `CommandError` where there is one already, which stays as it is.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(CommandError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw errno == EEXIST
                ? CommandError("\(path) is there already and stays: name another folder, or remove it")
                : CommandError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw CommandError("cannot write \(path): \(String(cString: strerror(errno)))") }
            written += count
        }
    }
}
