import Glibc
import HTTPServer
import Testing

@Suite("A client that takes too long", .serialized)
struct DeadlineTests {
    @Test(
        "to send a whole request is answered 408 and closed, however steadily it drips",
        arguments: [
            "GET /hello HTTP/1.1\r\nHost: a\r\nX: ", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n",
        ])
    func slowRequest(_ start: String) async throws {
        try await withServer(plainRouter(), { $0.requestDeadline = .milliseconds(300) }) { _, address in
            let (answer, isClosed, took) = try await withClient(address) { client in
                let begin = ContinuousClock.now
                try client.send(start)
                while !client.hasInput(within: 20), begin.duration(to: .now) < .seconds(5) { try? client.send("x") }
                return (try client.readAnswer(), try client.isClosed(), begin.duration(to: .now))
            }
            #expect(answer.status == 408)
            #expect(isClosed)
            #expect(took >= .milliseconds(300))
            #expect(took < .seconds(3))
        }
    }

    @Test("to send the rest of a request that began in the same packet as the one before is answered 408 as well")
    func pipelinedRest() async throws {
        let limits: (inout ServerConfiguration) -> Void = { $0.requestDeadline = .milliseconds(200) }
        try await withServer(plainRouter(), limits) { _, address in
            let answers = try await withClient(address) { client in
                try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n")
                return try [client.readAnswer(), client.readAnswer()]
            }
            #expect(answers.map(\.status) == [200, 408])
        }
    }

    @Test("to send its next request is closed without an answer")
    func idle() async throws {
        try await withServer(plainRouter(), { $0.idleLimit = .milliseconds(200) }) { _, address in
            for isFresh in [true, false] {
                let isClosed = try await withClient(address) { client in
                    if !isFresh {
                        try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                        _ = try client.readAnswer()
                    }
                    return try client.isClosed()
                }
                #expect(isClosed)
            }
        }
    }

    @Test("because its machine is gone is noticed by the system, when it has acknowledged nothing for half a minute")
    func vanished() async throws {
        let router = try plainRouter()
        try await withServer(router) { server, address in
            let client = try Client(address)
            try await untilTrue { server.openConnections == 1 }
            let accepted = try #require(client.otherEnd)
            var milliseconds: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(accepted, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, &size)
            #expect(milliseconds == 30_000)
        }
    }

    @Test("to read an answer is cut")
    func slowReader() async throws {
        var router = Router()
        try router.on(.GET, "/") { _ in
            Response(status: .ok, body: .bytes(Array(repeating: 0x78, count: 32 * 1024 * 1024)))
        }
        try await withServer(router, { $0.answerDeadline = .milliseconds(300) }) { server, address in
            let client = try Client(address, receiveBuffer: 4096)
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await untilTrue { server.openConnections == 1 }
            try await untilTrue { server.openConnections == 0 }
            withExtendedLifetime(client) {}
        }
    }

    @Test("to read an answer, and steady, gets all of it", arguments: [true, false])
    func steadyReader(staysOpen: Bool) async throws {
        let body = Array(repeating: UInt8(ascii: "x"), count: 2 * 1024 * 1024) + Array("the end".utf8)
        var router = Router()
        try router.on(.GET, "/") { _ in Response(status: .ok, body: .bytes(body)) }
        try await withServer(router, { $0.answerDeadline = .seconds(3) }) { _, address in
            let received = try await onThread {
                let client = try Client(address, receiveBuffer: 8192)
                try client.send("GET / HTTP/1.1\r\nHost: a\r\n\(staysOpen ? "" : "Connection: close\r\n")\r\n")
                var all: [UInt8] = []
                while all.count < 1_000_000 {
                    all += try client.bytes(10_000)
                    usleep(50_000)
                }
                while !all.suffix(7).elementsEqual("the end".utf8) {
                    let some = try client.readSome()
                    if some.isEmpty { break }
                    all += some
                }
                return all
            }
            #expect(received.suffix(body.count).elementsEqual(body))
        }
    }

    @Test("to read its pipelined answers is cut, and no more of its requests are handled")
    func pipelinesWithoutReading() async throws {
        let calls = Counter()
        var router = Router()
        try router.on(.GET, "/") { _ in
            calls.add()
            return Response(status: .ok, body: .bytes(Array(repeating: 0x78, count: 100_000)))
        }
        try await withServer(router, { $0.answerDeadline = .milliseconds(300) }) { server, address in
            let client = try Client(address, receiveBuffer: 4096)
            try client.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 1000))
            try await untilTrue { calls.count > 0 }
            try await untilTrue { server.openConnections == 0 }
            #expect(calls.count < 500)
            withExtendedLifetime(client) {}
        }
    }

    @Test("does not keep the server from answering others: 200 slow ones beside one that is not")
    func slowLoris() async throws {
        try await withServer(plainRouter(), { $0.requestDeadline = .milliseconds(500) }) { server, address in
            let slow = try (0..<200).map { _ in try Client(address) }
            for client in slow { try client.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: ") }
            let answer = try await withClient(address) { client in
                try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                return try client.readAnswer()
            }
            #expect(answer.text == "hello")
            let statuses = try await onThread { [slow = UncheckedClients(slow)] in
                try slow.clients.map { try $0.readAnswer().status }
            }
            #expect(statuses == Array(repeating: 408, count: 200))
            try await untilTrue { server.openConnections == 0 }
        }
    }

    @Test("is the handler's matter once the request is whole: a slow handler is not cut")
    func slowHandler() async throws {
        var router = Router()
        try router.on(.GET, "/") { _ in
            try await Task.sleep(for: .milliseconds(600))
            return Response(status: .ok)
        }
        let limits: (inout ServerConfiguration) -> Void = {
            $0.requestDeadline = .milliseconds(100)
            $0.idleLimit = .milliseconds(100)
            $0.answerDeadline = .milliseconds(100)
        }
        try await withServer(router, limits) { _, address in
            let answer = try await withClient(address) { client in
                try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                return try client.readAnswer()
            }
            #expect(answer.status == 200)
        }
    }
}
