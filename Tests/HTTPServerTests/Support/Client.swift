import Glibc
import HTTPServer

/// A client that sends exactly the bytes it is told, over a blocking socket.
final class Client {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let descriptor: Int32
    private var unread: [UInt8] = []
    private let begin = ContinuousClock.now

    /// - Parameter receiveBuffer: bytes that the kernel holds for this client, to make one that reads slowly.
    init(_ address: ListenerAddress, receiveBuffer: Int32? = nil) throws {
        switch address {
        case .tcp(let host, let port):
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            if var receiveBuffer {
                setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4)
            }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            inet_pton(AF_INET, host, &address.sin_addr)
            try Self.connect(descriptor, &address)
        case .unixSocket(let path):
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            try Self.connect(descriptor, &address)
        case .passed: throw Failure(description: "connect: only its listener knows where it is bound")
        }
        // No test waits for ever.
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    private static func connect<Address>(_ descriptor: Int32, _ address: inout Address) throws {
        let size = socklen_t(MemoryLayout<Address>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, size) }
        }
        guard result == 0 else { throw Failure(description: "connect: \(errno)") }
    }

    deinit { close(descriptor) }

    /// The descriptor of a server in this process for the connection to this client.
    var otherEnd: Int32? {
        guard let own = Self.port(descriptor, getsockname) else { return nil }
        return (0..<65_536).first { Self.port($0, getpeername) == own && $0 != descriptor }
    }

    private static func port(
        _ descriptor: Int32, _ name: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> in_port_t? {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(descriptor, $0, &size) }
        }
        return result == 0 && address.sin_family == sa_family_t(AF_INET) ? address.sin_port : nil
    }

    /// Sends all bytes; an error of the socket is thrown.
    func send(_ bytes: some Sequence<UInt8>) throws {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "send: \(errno)") }
            sent += count
        }
    }

    func send(_ text: String) throws { try send(text.utf8) }

    /// Sends until the other side takes nothing more for 200 ms, and tells how many bytes it took.
    func sendWithoutWaiting(_ bytes: [UInt8]) -> Int {
        var limit = timeval(tv_sec: 0, tv_usec: 200_000)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }

    /// Closes the sending half.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes so that the server gets a reset.
    func reset() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Closes so that the server gets a reset, and learns nothing before it.
    func vanish() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        // The descriptor stays this client's, who closes it at the end.
        let nothing = open("/dev/null", O_RDONLY)
        dup2(nothing, descriptor)
        close(nothing)
    }

    /// Whether something can be read, after waiting for it.
    func hasInput(within milliseconds: Int32) -> Bool {
        var query = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return !unread.isEmpty || poll(&query, 1, milliseconds) > 0
    }

    /// What has arrived, waiting if that is nothing; empty at the end.
    func readSome() throws -> [UInt8] {
        if !unread.isEmpty {
            defer { unread = [] }
            return unread
        }
        // What keeps a connection alive also keeps who waits on it.
        guard begin.duration(to: .now) < .seconds(120) else { throw Failure(description: "waited for two minutes") }
        var space = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &space, space.count, 0)
        if count < 0 && errno == ECONNRESET { return [] }
        guard count >= 0 else { throw Failure(description: "recv: \(errno)") }
        return Array(space[..<count])
    }

    /// Everything until the server closes.
    func readToEnd() throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let some = try readSome()
            if some.isEmpty { return all }
            all += some
        }
    }

    /// Whether the server closes without sending anything more.
    func isClosed() throws -> Bool { try readSome().isEmpty }

    private func line() throws -> String {
        var line: [UInt8] = []
        while true {
            let byte = try bytes(1)[0]
            line.append(byte)
            if byte == 0x0A {
                guard line.count >= 2, line[line.count - 2] == 0x0D else {
                    throw Failure(description: "bare line feed")
                }
                return String(decoding: line.dropLast(2), as: UTF8.self)
            }
        }
    }

    /// So many bytes, waiting for them.
    func bytes(_ count: Int) throws -> [UInt8] {
        while unread.count < count {
            let kept = unread
            unread = []
            let some = try readSome()
            guard !some.isEmpty else { throw Failure(description: "closed after \(kept.count) of \(count) bytes") }
            unread = kept + some
        }
        defer { unread.removeFirst(count) }
        return Array(unread[..<count])
    }

    /// One whole answer.
    ///
    /// - Parameter hasBody: `false` for the answer to `HEAD`.
    func readAnswer(hasBody: Bool = true) throws -> Answer {
        var answer = Answer(statusLine: try line())
        while true {
            let field = try line()
            if field.isEmpty { break }
            guard let colon = field.firstIndex(of: ":") else { throw Failure(description: "no field: \(field)") }
            let value = field[field.index(after: colon)...].drop { $0 == " " }
            answer.fields.append((field[..<colon].lowercased(), String(value)))
        }
        guard hasBody, answer.status >= 200, answer.status != 204, answer.status != 304 else { return answer }
        if answer["transfer-encoding"] == "chunked" {
            while let length = Int(try line(), radix: 16) {
                answer.body += try bytes(length)
                _ = try line()
                if length == 0 { break }
            }
        } else if let length = answer["content-length"].flatMap({ Int($0) }) {
            answer.body = try bytes(length)
        } else {
            answer.body = try readToEnd()
        }
        return answer
    }
}

/// What a server answered.
struct Answer: Sendable {
    let statusLine: String
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []

    init(statusLine: String) { self.statusLine = statusLine }

    var status: Int { Int(statusLine.split(separator: " ").dropFirst().first ?? "") ?? 0 }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of a field, its name in lower case.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
}
