import Glibc

/// A server in a process of its own, listening on a port of 127.0.0.1.
struct ServerProcess {
    let process: ChildProcess
    let port: UInt16
    /// Nanoseconds from the start of the program to its first complete answer.
    let startingTime: UInt64

    /// Starts a server and waits for the first answer to a GET of `path`.
    ///
    /// - Parameter arguments: the program's arguments for a port.
    static func start(
        _ program: String, output: String, readyPath: String = "/", arguments: (UInt16) -> [String]
    ) throws(BenchmarkError) -> ServerProcess {
        try start(program, output: output, arguments: arguments) { answers(port: $0, path: readyPath) }
    }

    /// Starts a server that answers no plain request, and waits until it accepts connections.
    static func startSilent(
        _ program: String, output: String, arguments: (UInt16) -> [String]
    ) throws(BenchmarkError) -> ServerProcess {
        try start(program, output: output, arguments: arguments, isUp: accepts)
    }

    private static func start(
        _ program: String, output: String, arguments: (UInt16) -> [String], isUp: (UInt16) -> Bool
    ) throws(BenchmarkError) -> ServerProcess {
        let port = try freePort()
        let start = MonotonicClock.now
        let process = try ChildProcess(program, arguments(port), output: output)
        while MonotonicClock.seconds(since: start) < 30 {
            if isUp(port) {
                return ServerProcess(process: process, port: port, startingTime: MonotonicClock.now - start)
            }
            guard process.isRunning else { throw BenchmarkError("\(program) ended: see \(output).errors") }
            usleep(500)
        }
        process.end()
        throw BenchmarkError("\(program) gave no answer within 30 s: see \(output).errors")
    }

    func end() { process.end() }

    private static func accepts(port: UInt16) -> Bool {
        guard let connection = try? LoadConnection(port: port) else { return false }
        close(connection.descriptor)
        return true
    }

    private static func answers(port: UInt16, path: String) -> Bool {
        guard let connection = try? LoadConnection(port: port) else { return false }
        defer { close(connection.descriptor) }
        let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        guard write(connection.descriptor, request, request.utf8.count) == request.utf8.count else { return false }
        var pollEntry = pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&pollEntry, 1, 5_000) == 1 else { return false }
        var head = [UInt8](repeating: 0, count: 12)
        return recv(connection.descriptor, &head, head.count, 0) == head.count && head.starts(with: "HTTP/1.1 ".utf8)
    }

    /// A port that was free a moment ago.
    private static func freePort() throws(BenchmarkError) -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = LoopbackAddress.make(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw .system("bind") }
        return UInt16(bigEndian: address.sin_port)
    }
}
