import Glibc

/// One keep-alive connection of the load generator, with at most one request under way.
struct LoadConnection {
    let descriptor: Int32
    var reader = ResponseReader()
    var request = 0
    var sentAt: UInt64 = 0
    private let secure: SecureStream?

    /// Connects to a port of 127.0.0.1; afterwards the socket does not block.
    init(port: UInt16, isSecure: Bool = false) throws(BenchmarkError) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system("socket") }
        guard Self.connect(descriptor, port: port) else {
            close(descriptor)
            throw .system("connect to port \(port)")
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        do {
            secure = isSecure ? try SecureStream(descriptor) : nil
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { throw .system("fcntl") }
    }

    private static func connect(_ descriptor: Int32, port: UInt16) -> Bool {
        var address = LoopbackAddress.make(port: port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Sends one request; they are far smaller than a socket's buffer, so it goes out at once.
    mutating func send(_ index: Int, of requests: PreparedRequests) throws(BenchmarkError) {
        let range = requests[index]
        request = index
        sentAt = MonotonicClock.now
        let sent = requests.bytes.withUnsafeBytes { bytes in
            let bytes = UnsafeRawBufferPointer(rebasing: bytes[range])
            return secure?.send(bytes) ?? Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        }
        guard sent == range.count else { throw .system("send") }
    }

    /// Takes what has arrived.
    mutating func receive(into scratch: UnsafeMutableRawBufferPointer) throws(BenchmarkError) {
        if let secure { return try receive(into: scratch, secure) }
        let count = recv(descriptor, scratch.baseAddress, scratch.count, 0)
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
        guard count > 0 else { throw BenchmarkError("the server closed a connection in the middle") }
        reader.append(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
    }

    private mutating func receive(
        into scratch: UnsafeMutableRawBufferPointer, _ secure: SecureStream
    ) throws(BenchmarkError) {
        repeat {
            guard let count = secure.receive(into: scratch) else {
                throw BenchmarkError("the server closed a connection in the middle")
            }
            if count == 0 { return }
            reader.append(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
        } while secure.hasMore
    }
}

/// An address on this machine.
enum LoopbackAddress {
    static func make(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
