import Glibc
import HTTPServer
import Testing

@Suite("a listener that another process made", .timeLimit(.minutes(1)))
struct PassedListenerTests {
    /// A listening socket of loopback, as a service manager passes it, and its address.
    private static func listener() throws -> (descriptor: Int32, address: ListenerAddress) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) + listen(descriptor, 16) + getsockname(descriptor, address, &size)
            }
        }
        try #require(status == 0)
        return (descriptor, .tcp(host: "127.0.0.1", port: Int(UInt16(bigEndian: address.sin_port))))
    }

    @Test("it is served, and its address is told")
    func served() async throws {
        let (descriptor, address) = try Self.listener()
        let server = Server(router: try plainRouter(), logger: .silent)
        #expect(try await server.start(on: .passed(descriptor: descriptor)) == address)
        let answer = try await withClient(address) { client in
            try client.send("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return try client.readAnswer().text
        }
        #expect(answer == "hello")
        await server.shutdown(within: .milliseconds(100))
    }

    @Test("what is no bound socket is refused")
    func noSocket() async throws {
        let server = Server(router: try plainRouter(), logger: .silent)
        let file = open("/dev/null", O_RDONLY)
        await #expect(throws: (any Error).self) { try await server.start(on: .passed(descriptor: file)) }
        await server.shutdown(within: .zero)
    }
}
