import CLinux
import Glibc

/// Who listens at the socket of an enclave that is a service of its own: root, as under systemd, or the user whose folder
/// the socket is in. Anybody else has put a socket in the enclave's place, and would be told contacts and be asked for
/// signatures.
enum ListenerOwner {
    /// Nil where the listener is one of them, else why nothing is to be said to it.
    ///
    /// - Parameters:
    ///   - connection: connected to the socket: the kernel knows who called listen(2).
    ///   - path: where the socket is.
    static func refusal(of connection: OwnedDescriptor, at path: String) -> String? {
        var listener: uid_t = 0
        var folder = stat()
        guard countersign_peer_user(connection.number, &listener) == 0, stat(parent(of: path), &folder) == 0 else {
            return "\(path): it cannot be told who listens there"
        }
        guard !mayListen(listener, inFolderOf: folder.st_uid) else { return nil }
        return
            "\(path): user \(listener) listens there, who is neither root nor user \(folder.st_uid), whose folder it is. "
            + "Remove that socket, let nobody but the enclave's user or root write to the folder, and start the enclave again"
    }

    static func mayListen(_ user: uid_t, inFolderOf owner: uid_t) -> Bool { user == 0 || user == owner }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
