import AuditLog
import FoundationEssentials
import Glibc
import Synchronization

/// An export on its way into a file, which has its name only when it is whole. The manifest, which comes last, gets a file
/// beside it.
final class ExportFile: Sendable {
    private struct State {
        /// What came last, up to its line's end: it may be the manifest.
        var held: [UInt8] = []
        var written: UInt64 = 0
        var failure: Int32?
    }

    let path: String
    private let partial: String
    private let descriptor: Int32
    private let state = Mutex(State())

    /// Where the manifest of an export lies.
    static func manifest(of path: String) -> String { path + ".manifest" }

    /// Throws `CommandError` where it cannot be made, or is there already.
    init(path: String) throws {
        for path in [path, Self.manifest(of: path)] where access(path, F_OK) == 0 {
            throw CommandError("\(path) is there already: name another file, or remove it")
        }
        self.path = path
        partial = path + ".partial"
        descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandError("\(partial): \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    /// Bytes that were written.
    var written: UInt64 { state.withLock { $0.written } }

    /// Writes the next piece, but for its last line.
    func take(_ piece: Data) {
        state.withLock { state in
            state.held += piece
            guard let end = state.held.dropLast().lastIndex(of: UInt8(ascii: "\n")) else { return }
            guard state.failure == nil else { return state.held.removeSubrange(...end) }
            if write(state.held[...end]) { state.written += UInt64(end + 1) } else { state.failure = errno }
            state.held.removeSubrange(...end)
        }
    }

    /// Gives the file its name, with the manifest beside it. Throws `CommandError` where it is not whole.
    func finish() throws -> ExportManifest {
        let (held, failure) = state.withLock { ($0.held, $0.failure) }
        if let failure { throw CommandError("\(partial): \(String(cString: strerror(failure)))") }
        guard let manifest = ExportManifest(held) else {
            throw CommandError("the export was cut off: nothing was kept. The server's log says why")
        }
        let beside = Self.manifest(of: path)
        guard fsync(descriptor) == 0,
            FileManager.default.createFile(
                atPath: beside, contents: Data(held), attributes: [.posixPermissions: 0o600]),
            rename(partial, path) == 0
        else { throw CommandError("\(path): \(String(cString: strerror(errno)))") }
        return manifest
    }

    /// Removes what was written.
    func discard() { unlink(partial) }

    private func write(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}
