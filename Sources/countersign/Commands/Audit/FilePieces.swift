import Glibc

/// A file that is read piece by piece.
final class FilePieces {
    private let path: String
    private let descriptor: Int32

    /// Throws `CommandError` where it cannot be opened.
    init(path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit { close(descriptor) }

    /// The next bytes, some of those asked for; nil at the end. Throws `CommandError` where they cannot be read.
    func next(atMost count: Int) throws -> [UInt8]? {
        let (path, descriptor) = (path, descriptor)
        let piece = try [UInt8](unsafeUninitializedCapacity: count) { room, length in
            let got = read(descriptor, room.baseAddress, count)
            guard got >= 0 else { throw Self.failure(path) }
            length = got
        }
        return piece.isEmpty ? nil : piece
    }

    /// What is left, up to so many bytes. Throws `CommandError` where it cannot be read.
    func beginning(atMost count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count, let piece = try next(atMost: min(count - bytes.count, 256 * 1024)) { bytes += piece }
        return bytes
    }

    private static func failure(_ path: String) -> CommandError {
        CommandError("\(path): \(String(cString: strerror(errno)))")
    }
}
