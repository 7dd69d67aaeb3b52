import Glibc
import HTTPServer
import Synchronization
import Testing

@Suite("A streamed answer")
struct StreamTests {
    private static func router(_ write: @escaping @Sendable (StreamWriter) async throws -> Void) throws -> Router {
        var router = try plainRouter()
        try router.on(.GET, "/stream") { _ in Response(status: .ok, body: .stream(write)) }
        return router
    }

    private static let request = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("arrives piece by piece, and the connection serves the next request")
    func pieces() async throws {
        let router = try Self.router { writer in
            try await writer.write("one,")
            try await writer.write("")
            await Task.yield()
            try await writer.write(Array("two".utf8))
        }
        try await withServer(router) { _, address in
            let answers = try await withClient(address) { client in
                try client.send(Self.request + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                return try [client.readAnswer(), client.readAnswer()]
            }
            #expect(answers.map(\.text) == ["one,two", "hello"])
            #expect(answers[0]["transfer-encoding"] == "chunked")
            #expect(answers[0]["content-length"] == nil)
        }
    }

    @Test("ends with the connection for a client of HTTP/1.0")
    func oldClient() async throws {
        let router = try Self.router { try await $0.write("body") }
        try await withServer(router) { _, address in
            let answer = try await withClient(address) { client in
                try client.send("GET /stream HTTP/1.0\r\n\r\n")
                return try client.readAnswer()
            }
            #expect(answer.text == "body")
            #expect(answer["transfer-encoding"] == nil)
        }
    }

    @Test("is not written for HEAD")
    func head() async throws {
        let calls = Counter()
        let router = try Self.router { _ in calls.add() }
        try await withServer(router) { _, address in
            let answers = try await withClient(address) { client in
                try client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                return [try client.readAnswer(hasBody: false), try client.readAnswer()]
            }
            #expect(answers.map(\.status) == [200, 200])
            #expect(calls.count == 0)
        }
    }

    @Test("is produced no faster than the client reads, and arrives whole")
    func backPressure() async throws {
        let pieces = 2000
        let written = Counter()
        let router = try Self.router { writer in
            for _ in 0..<pieces {
                try await writer.write(Array(repeating: 0x78, count: 16 * 1024))
                written.add()
            }
        }
        try await withServer(router) { _, address in
            let client = UncheckedClients([try Client(address, receiveBuffer: 4096)])
            try client.clients[0].send(Self.request)
            try await untilTrue { written.count > 0 }
            var before = -1
            while written.count != before {
                before = written.count
                try await Task.sleep(for: .milliseconds(100))
            }
            // What fits into the kernel's buffers and SwiftNIO's 64 KiB.
            #expect(written.count < pieces / 2)
            let length = try await onThread { try client.clients[0].readAnswer().body.count }
            #expect(length == pieces * 16 * 1024)
        }
    }

    @Test("ends with an error for its writer when the client leaves", arguments: [false, true])
    func clientLeaves(isReset: Bool) async throws {
        let outcome = Mutex<(any Error)?>(nil)
        let router = try Self.router { writer in
            do {
                while true {
                    try await writer.write("tick\n")
                    try await Task.sleep(for: .milliseconds(5))
                }
            } catch {
                outcome.withLock { $0 = error }
                throw error
            }
        }
        try await withServer(router) { server, address in
            try await withClient(address) { client in
                try client.send(Self.request)
                _ = try client.readSome()
                if isReset { client.reset() }
            }
            try await untilTrue { outcome.withLock { $0 } != nil && server.openConnections == 0 }
            let error = outcome.withLock { $0 }
            #expect(error is CancellationError || error as? StreamError == .clientLeft)
        }
    }

    @Test("is cancelled when the client leaves while there is nothing to write")
    func silentStream() async throws {
        let cancelled = Counter()
        let router = try Self.router { writer in
            try await writer.write("hello")
            do { try await Task.sleep(for: .seconds(60)) } catch { cancelled.add() }
        }
        try await withServer(router) { _, address in
            try await withClient(address) { client in
                try client.send(Self.request)
                _ = try client.readSome()
            }
            try await untilTrue { cancelled.count == 1 }
        }
    }

    @Test("is cut when the client takes nothing for too long")
    func slowReader() async throws {
        let failed = Counter()
        let router = try Self.router { writer in
            do {
                while true { try await writer.write(Array(repeating: 0x78, count: 65536)) }
            } catch StreamError.clientLeft {
                failed.add()
            }
        }
        try await withServer(router, { $0.answerDeadline = .milliseconds(200) }) { server, address in
            let client = try Client(address, receiveBuffer: 4096)
            try client.send(Self.request)
            try await untilTrue { failed.count == 1 && server.openConnections == 0 }
            withExtendedLifetime(client) {}
        }
    }

    @Test(
        "reaches a client that reads slowly and steadily, and the system keeps little of it meanwhile",
        arguments: [64 * 1024, 6 * 1024 * 1024])
    func steadyReader(piece: Int) async throws {
        let size = 6 * 1024 * 1024
        let written = Counter()
        let router = try Self.router { writer in
            for _ in 0..<(size / piece) {
                try await writer.write(Array(repeating: 0x78, count: piece))
                written.add()
            }
        }
        try await withServer(router, { $0.answerDeadline = .seconds(3) }) { _, address in
            let (early, length) = try await onThread {
                let client = try Client(address, receiveBuffer: 8192)
                try client.send("GET /stream HTTP/1.0\r\n\r\n")
                var slowly = 0
                while slowly < 1_000_000 {
                    slowly += try client.bytes(10_000).count
                    usleep(50_000)
                }
                return (written.count, slowly + (try client.readToEnd().count))
            }
            #expect(early * piece < 24 * 64 * 1024)
            #expect(length > size)
        }
    }

    @Test("that fails is cut off without its last chunk")
    func failure() async throws {
        let router = try Self.router { writer in
            try await writer.write("half")
            throw Unexpected()
        }
        try await withServer(router) { _, address in
            let all = try await withClient(address) { client in
                try client.send(Self.request)
                return String(decoding: try client.readToEnd(), as: UTF8.self)
            }
            #expect(all.hasSuffix("4\r\nhalf\r\n"))
        }
    }

    @Test("can be written from a task that runs elsewhere")
    func otherTask() async throws {
        let router = try Self.router { writer in
            try await Task.detached { try await writer.write("from afar") }.value
        }
        try await withServer(router) { _, address in
            let answer = try await withClient(address) { client in
                try client.send(Self.request)
                return try client.readAnswer()
            }
            #expect(answer.text == "from afar")
        }
    }

    @Test("cannot be written once it has ended, not even while the next one on the connection runs")
    func outlivedWriter() async throws {
        let kept = Mutex<StreamWriter?>(nil)
        let outcome = Mutex<(any Error)?>(nil)
        let router = try Self.router { writer in
            guard let earlier = kept.withLock({ $0 }) else { return kept.withLock { $0 = writer } }
            do { try await earlier.write("stale") } catch { outcome.withLock { $0 = error } }
            try await writer.write("fresh")
        }
        try await withServer(router) { _, address in
            let answers = try await withClient(address) { client in
                try client.send(Self.request + Self.request)
                return try [client.readAnswer(), client.readAnswer()]
            }
            #expect(answers.map(\.text) == ["", "fresh"])
            #expect(outcome.withLock { $0 } as? StreamError == .clientLeft)
        }
    }

    @Test("refuses a second piece while the first is still on its way")
    func concurrentWrites() async throws {
        let refused = Counter()
        let router = try Self.router { writer in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        do { try await writer.write(Array(repeating: 0x78, count: 1_000_000)) } catch StreamError
                            .concurrentWrite
                        {
                            refused.add()
                        } catch {}
                    }
                }
            }
        }
        try await withServer(router, { $0.answerDeadline = .milliseconds(200) }) { _, address in
            let client = try Client(address, receiveBuffer: 4096)
            try client.send(Self.request)
            try await untilTrue { refused.count > 0 }
        }
    }
}
