import Glibc
import Testing

@testable import EnclaveLink

@Suite("streams to the receivers of webhooks", .timeLimit(.minutes(1)))
struct WebhookStreamTests {
    /// An enclave that has greeted with this reach, and what the host does when it asks for a stream.
    private func answer(
        to host: String, reach: WebhookReach?
    ) async throws -> (status: Int32, hadDescriptor: Bool, asked: [String]) {
        let enclave = try #require(FakeEnclave())
        async let greeting = enclave.connection.greet()
        try await enclave.greet(Destination(host: "smtp.example.com", port: 587), webhooks: reach)
        _ = try await greeting
        try enclave.ask(.openWebhookStream, 7) { $0.write(Destination(host: host, port: 8443)) }
        let (message, hadDescriptor) = try #require(await enclave.nextDescriptor())
        #expect(message.identifier == 7)
        return (message.status, hadDescriptor, enclave.source.asked.withLock { $0 })
    }

    @Test("go to any host, at its public addresses")
    func anyHost() async throws {
        let answer = try await answer(to: "hooks.example.com", reach: WebhookReach())
        #expect(answer.status == 0 && answer.hadDescriptor)
        #expect(answer.asked == ["public stream hooks.example.com:8443"])
    }

    @Test("go to a private address only where the enclave's settings name the host")
    func privateHost() async throws {
        let reach = WebhookReach(privateHosts: [try #require(HostPattern("hooks.internal"))])
        #expect(try await answer(to: "hooks.internal", reach: reach).asked == ["stream hooks.internal:8443"])
        #expect(try await answer(to: "hooks.example", reach: reach).asked == ["public stream hooks.example:8443"])
    }

    @Test("go nowhere else where the settings name hosts, and nowhere at all where there are no webhooks")
    func narrowed() async throws {
        for reach in [nil, WebhookReach(hosts: []), WebhookReach(hosts: [try #require(HostPattern("a.example"))])] {
            let answer = try await answer(to: "hooks.example.com", reach: reach)
            #expect(answer.status == EACCES && !answer.hadDescriptor && answer.asked.isEmpty)
        }
    }

    @Test(
        "are refused where the name leads to this machine, however it is written",
        arguments: [
            "localhost", "127.0.0.1", "127.1", "0x7f000001", "0x7f.1", "017700000001", "2130706433", "0", "0.0.0.0",
            "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::",
        ])
    func spellings(_ host: String) throws {
        let listener = try Listener()
        let descriptors = HostDescriptors(inboxDirectory: "/proc/nonexistent")
        let destination = Destination(host: host, port: listener.port)
        #expect(throws: DescriptorRefusal(status: EACCES)) {
            close(try descriptors.openPublicStream(to: destination))
        }
        #expect(!listener.hasConnection)
    }

    @Test("are refused where a name of /etc/hosts leads to this machine")
    func machineName() throws {
        var buffer = [CChar](repeating: 0, count: 256)
        try #require(gethostname(&buffer, 255) == 0)
        let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let descriptors = HostDescriptors(inboxDirectory: "/proc/nonexistent", connectTimeLimit: 500)
        do throws(DescriptorRefusal) {
            close(try descriptors.openPublicStream(to: Destination(host: name, port: 1)))
            Issue.record("a stream to this machine's own name was opened")
        } catch {
            // Where the machine's name does not resolve, or is a public one, nothing is to be refused.
            #expect([EACCES, EHOSTUNREACH, ECONNREFUSED, ETIMEDOUT].contains(error.status))
        }
    }
}

/// A socket that listens on loopback.
private final class Listener {
    let port: UInt16
    private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)

    init() throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try #require(bind(descriptor, $0, length) == 0 && listen(descriptor, 1) == 0)
                try #require(getsockname(descriptor, $0, &length) == 0)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    var hasConnection: Bool {
        let accepted = accept(descriptor, nil, nil)
        if accepted >= 0 { close(accepted) }
        return accepted >= 0
    }
}
