import Glibc
import Synchronization

/// A Maildir: a message is written under `tmp` and moved to `new` when it is whole, so that a reader never sees half
/// of one (maildir(5)). Folders are 0700 and files 0600: what is in them is a secret.
struct Maildir: Sendable {
    let directory: String

    private static let files = Atomic<UInt64>(0)

    func open() throws(DescriptorRefusal) -> OpenedInboxFile {
        let name = Self.uniqueName()
        let path = "\(directory)/tmp/\(name)"
        var descriptor = Self.create(path)
        if descriptor < 0, errno == ENOENT {
            try makeFolders()
            descriptor = Self.create(path)
        }
        guard descriptor >= 0 else { throw .last }
        return OpenedInboxFile(descriptor: descriptor, name: name)
    }

    func publish(_ name: String) throws(DescriptorRefusal) {
        guard rename("\(directory)/tmp/\(name)", "\(directory)/new/\(name)") == 0 else { throw .last }
        // The message counts as delivered after this, so the new name must survive a power cut.
        let folder = Glibc.open("\(directory)/new", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .last }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw .last }
    }

    func discard(_ name: String) { unlink("\(directory)/tmp/\(name)") }

    /// Removes every file under `tmp`. Only for a host that has opened none yet: they are of one that was killed, and
    /// hold codes that no reader will ever take away.
    func empty() {
        guard let folder = opendir("\(directory)/tmp") else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            // The folder's own two entries are directories, which unlink(2) refuses.
            discard(name)
        }
    }

    private func makeFolders() throws(DescriptorRefusal) {
        for path in [directory, "\(directory)/tmp", "\(directory)/new", "\(directory)/cur"] {
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last }
        }
    }

    private static func create(_ path: String) -> Int32 {
        Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    }

    /// Seconds, then microseconds, process and a counter, then the machine, as the Maildir convention has it.
    private static func uniqueName() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let count = files.wrappingAdd(1, ordering: .relaxed).newValue
        return "\(time.tv_sec).M\(time.tv_nsec / 1000)P\(getpid())Q\(count).\(machineName)"
    }

    private static let machineName: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        let allowed = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.filter {
            $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") && $0 > 0x20 && $0 < 0x7f
        }
        return allowed.isEmpty ? "localhost" : String(decoding: allowed, as: UTF8.self)
    }()
}
