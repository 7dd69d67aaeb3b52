import Glibc

/// A file that a setting names, read once at the start.
struct SettingsFile {
    /// As the setting gives it.
    let name: String
    private let path: String

    /// A relative path starts in `folder`.
    init(_ name: String, in folder: String) {
        self.name = name
        path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
    }

    /// Where relative paths in a file of settings start: its own folder.
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    /// Everything in the file.
    ///
    /// - Parameter limit: in bytes; more is an error.
    func bytes(limit: Int) throws(SettingsFileError) -> [UInt8] {
        // Not blocking: opening a pipe would otherwise wait for someone to write into it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .notReadable(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .notReadable(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .notReadable(errno) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw .tooLarge(limit) }
        }
    }
}

/// Why a file that a setting names could not be used. It completes a sentence that starts with the path.
enum SettingsFileError: Error, CustomStringConvertible {
    case notReadable(Int32)
    case notRegular
    case tooLarge(Int)

    var description: String {
        switch self {
        case .notReadable(let number):
            "cannot be read: \(strerror(number).map { String(cString: $0) } ?? "error \(number)")"
        case .notRegular: "is no regular file"
        case .tooLarge(let limit): "is larger than \(limit / 1024) KiB"
        }
    }
}
