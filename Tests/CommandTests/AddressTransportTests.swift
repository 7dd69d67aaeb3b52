import FoundationEssentials
import Glibc
import Synchronization
import Testing
import Threads

@testable import countersign

/// A server on loopback that sends what it was told to each connection, and keeps it open.
private final class PlayedListener: Sendable {
    let address: String
    private let descriptor: Int32
    private let accepted = Mutex(0)
    private let received = Mutex(0)

    /// - Parameters:
    ///   - answer: sent for each request.
    ///   - drip: sent again and again after the answer until nobody takes it.
    ///   - closesAfterwards: whether a connection ends after its first answer.
    ///   - hangsUp: whether a connection ends when its second request came.
    init(_ answer: String, drip: String = "", closesAfterwards: Bool = false, hangsUp: Bool = false) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isBound)
        self.descriptor = descriptor
        address = "http://127.0.0.1:\(UInt16(bigEndian: place.sin_port))"
        _ = DetachedThread.start("played listener") { [self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                accepted.withLock { $0 += 1 }
                _ = DetachedThread.start("played answer") { [self] in
                    serve(connection, answer, drip, closesAfterwards, hangsUp)
                }
            }
        }
    }

    var connections: Int { accepted.withLock { $0 } }
    /// On all connections; each of these requests comes in one piece.
    var requests: Int { received.withLock { $0 } }

    func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func serve(
        _ connection: Int32, _ answer: String, _ drip: String, _ closesAfterwards: Bool, _ hangsUp: Bool
    ) {
        var room = [UInt8](repeating: 0, count: 4096)
        var isFirst = true
        while recv(connection, &room, room.count, 0) > 0 {
            received.withLock { $0 += 1 }
            if hangsUp, !isFirst { break }
            isFirst = false
            var isTaken = send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL)) >= 0
            while !drip.isEmpty, isTaken {
                usleep(1000)
                isTaken = send(connection, drip, drip.utf8.count, Int32(MSG_NOSIGNAL)) > 0
            }
            if closesAfterwards { break }
        }
        Glibc.close(connection)
    }
}

@Suite("What a command waits for")
struct AddressTransportTests {
    private static let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"

    private func fault(
        _ answer: String, drip: String = "", scheme: String = "http", _ patience: AnswerPatience
    ) async throws -> String? {
        let server = try PlayedListener(answer, drip: drip)
        defer { server.close() }
        let address = server.address.replacing("http://", with: "\(scheme)://")
        let transport = try AddressTransport(address: address, patience: patience)
        let request = CommandRequest(method: "GET", path: "/checkpoint", headers: [:], body: nil)
        return await #expect(throws: CommandError.self) { try await transport.send(request, nil) }?.description
    }

    @Test("a server that says nothing is given up, before and in the middle of an answer", arguments: ["", head + "x"])
    func silent(_ answer: String) async throws {
        let patience = AnswerPatience(silence: .milliseconds(50), whole: .seconds(3600), size: 1 << 20)
        #expect(try await fault(answer, patience)?.contains("nothing came for") == true)
    }

    @Test("a server that says nothing in the handshake is given up")
    func silentHandshake() async throws {
        let patience = AnswerPatience(silence: .milliseconds(50), whole: .seconds(3600), size: 1 << 20)
        #expect(try await fault("", scheme: "https", patience)?.contains("nothing came for") == true)
    }

    @Test("an answer that drips is given up")
    func slow() async throws {
        let patience = AnswerPatience(silence: .seconds(60), whole: .milliseconds(50), size: 1 << 20)
        #expect(try await fault(Self.head, drip: "x", patience)?.contains("too slowly") == true)
    }

    @Test("an answer that is too large is called that")
    func large() async throws {
        let patience = AnswerPatience(silence: .seconds(60), whole: .seconds(3600), size: 100)
        let large = Self.head + String(repeating: "x", count: 101)
        #expect(try await fault(large, patience)?.contains("answers too much") == true)
    }

    @Test("a server that closes its connections without a word is asked over others")
    func closing() async throws {
        let server = try PlayedListener("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", closesAfterwards: true)
        defer { server.close() }
        let transport = try AddressTransport(address: server.address)
        for _ in 1...20 {
            let answer = try await transport.send(
                CommandRequest(method: "GET", path: "/tile", headers: [:], body: nil), nil)
            #expect(answer.body == Data("ok".utf8))
        }
        #expect(server.connections == 20)
    }

    @Test("what changes something is not sent twice where the server hung up instead of answering; a question is")
    func hangingUp() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        struct Course: Equatable {
            let isAnswered: Bool
            let requests: Int
            let connections: Int
        }
        func asked(_ method: String) async throws -> Course {
            let server = try PlayedListener(answer, hangsUp: true)
            defer { server.close() }
            let transport = try AddressTransport(address: server.address)
            let request = CommandRequest(method: method, path: "/x", headers: [:], body: nil)
            _ = try await transport.send(request, nil)
            let second = try? await transport.send(request, nil)
            return Course(isAnswered: second != nil, requests: server.requests, connections: server.connections)
        }
        #expect(try await asked("POST") == Course(isAnswered: false, requests: 2, connections: 1))
        #expect(try await asked("GET") == Course(isAnswered: true, requests: 3, connections: 2))
    }

    @Test("an answer without a length ends with the connection, and one that is cut short is none")
    func unbounded() async throws {
        let request = CommandRequest(method: "GET", path: "/tile", headers: [:], body: nil)
        let whole = try PlayedListener("HTTP/1.1 200 OK\r\n\r\nok", closesAfterwards: true)
        let cut = try PlayedListener(Self.head + "x", closesAfterwards: true)
        defer {
            whole.close()
            cut.close()
        }
        #expect(try await AddressTransport(address: whole.address).send(request, nil).body == Data("ok".utf8))
        await #expect(throws: CommandError.self) {
            try await AddressTransport(address: cut.address).send(request, nil)
        }
    }

    @Test("one request after the other goes over the same connection")
    func reused() async throws {
        let server = try PlayedListener("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nRetry-After: 7\r\n\r\nok")
        defer { server.close() }
        let transport = try AddressTransport(address: server.address)
        for _ in 1...20 {
            let answer = try await transport.send(
                CommandRequest(method: "GET", path: "/tile", headers: [:], body: nil), nil)
            #expect(answer.body == Data("ok".utf8) && answer.retryAfter == 7)
        }
        #expect(server.connections == 1)
    }
}
