import Encodings
import Glibc

/// Why a folder cannot be shown.
public struct StaticFolderError: Error, CustomStringConvertible {
    public let description: String
}

/// A flat folder of a page's files. Only files that lie in it under a plain name can be read through it: no other
/// folder's, nothing behind a symbolic link.
struct StaticFolder: Sendable {
    /// Bytes of a file, at most.
    static let maximumSize = 1_048_576
    static let index = "index.html"

    let path: String

    /// Throws where there is no such folder, or it has no index.
    init(path: String) throws(StaticFolderError) {
        self.path = path
        guard read(Self.index) != nil else {
            throw StaticFolderError(description: "\(path) has no \(Self.index) that can be shown")
        }
    }

    /// What is in a file; nil for a name, a kind, a size or a place that is not shown. Blocks while the disk is read.
    func read(_ name: String) -> [UInt8]? {
        guard Self.isPlain(name) else { return nil }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        defer { close(folder) }
        // Without waiting for a writer, should the name be a pipe's.
        let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Self.bytes(of: file)
    }

    /// Letters, digits, `-`, `_` and dots, but none at the start.
    private static func isPlain(_ name: String) -> Bool {
        !name.hasPrefix(".") && (1...100).contains(name.utf8.count)
            && name.utf8.allSatisfy { $0.isLetterOrDigit || $0.isOne(of: "-_.") }
    }

    /// Reads to the end, whatever the size was said to be; nil for more than `maximumSize`.
    private static func bytes(of file: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: maximumSize + 1)
        var count = 0
        while count < bytes.count {
            let step = bytes[count...].withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            guard step >= 0 else { return nil }
            if step == 0 { return Array(bytes[..<count]) }
            count += step
        }
        return nil
    }
}
