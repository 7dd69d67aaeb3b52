/// Why a server could not listen.
public enum ListenerError: Error, Equatable {
    /// Another process answers on the socket.
    case inUse(path: String)
    /// There is a file at the path that is no socket.
    case notASocket(path: String)
    /// A socket's path may have 107 bytes on Linux.
    case pathTooLong(path: String)
    /// A system call failed.
    case system(call: String, path: String, error: Int32)
    /// The server is shutting down.
    case shuttingDown
}
