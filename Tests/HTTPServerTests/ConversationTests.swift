import Foundation
import HTTPServer
import Testing

@Suite("A conversation over HTTP/1.1")
struct ConversationTests {
    @Test("a request is answered, and the connection stays open for the next")
    func keepAlive() async throws {
        try await withServer(plainRouter()) { _, address in
            let answers = try await withClient(address) { client in
                try (0..<3).map { _ in
                    try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                    return try client.readAnswer()
                }
            }
            #expect(answers.map(\.statusLine) == Array(repeating: "HTTP/1.1 200 OK", count: 3))
            #expect(answers.map(\.text) == ["hello", "hello", "hello"])
            #expect(answers[0]["connection"] == nil)
            #expect(answers[0]["content-length"] == "5")
        }
    }

    @Test("pipelined requests are answered in their order, and one at a time, even where the first takes longest")
    func pipelining() async throws {
        let log = Journal()
        var router = Router()
        try router.on(.GET, "/:number") { request in
            let number = try request.parameter("number", as: Int.self)
            await log.note("begin \(number)")
            try await Task.sleep(for: .milliseconds(20 - number * 5))
            await log.note("end \(number)")
            return Response(status: .ok, body: .bytes(Array("\(number)".utf8)))
        }
        try await withServer(router) { _, address in
            let answers = try await withClient(address) { client in
                try client.send((0..<4).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
                return try (0..<4).map { _ in try client.readAnswer().text }
            }
            #expect(answers == ["0", "1", "2", "3"])
            #expect(await log.lines == (0..<4).flatMap { ["begin \($0)", "end \($0)"] })
        }
    }

    @Test("requests that were whole before a fault are answered, however many came in one piece with it")
    func wholeBeforeFault() async throws {
        try await withServer(plainRouter()) { _, address in
            let answers = try await withClient(address) { client in
                let request = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
                try client.send(request + request + request + "\u{1}\r\n\r\n")
                return try (0..<4).map { _ in try client.readAnswer().statusLine }
            }
            #expect(answers == Array(repeating: "HTTP/1.1 200 OK", count: 3) + ["HTTP/1.1 400 Bad Request"])
        }
    }

    @Test("5,000 requests sent without reading an answer are all answered, in order")
    func deepPipeline() async throws {
        try await withServer(plainRouter()) { _, address in
            let answers = try await withClient(address) { client in
                let requests = (0..<5000).map { "GET /v1/keys/\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined()
                let reading = AnswersInBackground(client, count: 5000)
                try client.send(requests)
                return try reading.wait()
            }
            #expect(answers.map(\.text) == (0..<5000).map(String.init))
        }
    }

    @Test("a request that arrives byte by byte is answered like one that arrives whole")
    func byteByByte() async throws {
        try await withServer(plainRouter()) { _, address in
            let answers = try await withClient(address) { client in
                for byte in "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde".utf8 {
                    try client.send([byte])
                }
                let first = try client.readAnswer()
                for byte
                    in "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
                    .utf8
                {
                    try client.send([byte])
                }
                return [first, try client.readAnswer()]
            }
            #expect(answers.map(\.text) == ["abcde", "abcde"])
        }
    }

    @Test("a request in chunks with a trailer is followed by the next request")
    func chunks() async throws {
        try await withServer(plainRouter()) { _, address in
            let answers = try await withClient(address) { client in
                try client.send(
                    """
                    POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n4;x=y\r\nwiki\r\n5\r\npedia\r\n\
                    0\r\nDigest: none\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n
                    """)
                return try [client.readAnswer(), client.readAnswer()]
            }
            #expect(answers.map(\.text) == ["wikipedia", "hello"])
        }
    }

    @Test("a client that asks to close, or speaks HTTP/1.0, is answered and then closed")
    func close() async throws {
        try await withServer(plainRouter()) { _, address in
            for request in [
                "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
            ] {
                let (answer, isClosed) = try await withClient(address) { client in
                    try client.send(request)
                    return (try client.readAnswer(), try client.isClosed())
                }
                #expect(answer.text == "hello")
                #expect(answer["connection"] == "close")
                #expect(isClosed)
            }
        }
    }

    @Test("a client that waits for 100 Continue gets it once its header is accepted, and never for a body too long")
    func expectContinue() async throws {
        try await withServer(plainRouter()) { _, address in
            let head = "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
            let answers = try await withClient(address) { client in
                try client.send(head + "4\r\n\r\n")
                let interim = try client.readAnswer()
                try client.send("body")
                let final = try client.readAnswer()
                try client.send(head + "100000\r\n\r\n")
                return [interim, final, try client.readAnswer()]
            }
            #expect(answers.map(\.status) == [100, 200, 413])
            #expect(answers[1].text == "body")
        }
    }

    @Test("HEAD is answered like GET, length included, without the body")
    func head() async throws {
        try await withServer(plainRouter()) { _, address in
            let answers = try await withClient(address) { client in
                try client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                return [try client.readAnswer(hasBody: false), try client.readAnswer()]
            }
            #expect(answers[0]["content-length"] == "5")
            #expect(answers[1].text == "hello")
        }
    }

    @Test("a client that closes its sending side still gets the answers to all it sent")
    func halfClosed() async throws {
        var router = try plainRouter()
        try router.on(.GET, "/later") { _ in
            try await Task.sleep(for: .milliseconds(50))
            return Response(status: .ok, body: .bytes(Array("later".utf8)))
        }
        try await withServer(router) { _, address in
            let (answers, isClosed) = try await withClient(address) { client in
                try client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                client.finishSending()
                return (try [client.readAnswer().text, client.readAnswer().text], try client.isClosed())
            }
            #expect(answers == ["later", "hello"])
            #expect(isClosed)
        }
    }

    @Test("a client that closes its sending side gets the whole of an answer that is still on its way")
    func halfClosedLargeAnswer() async throws {
        var router = Router()
        try router.on(.GET, "/:length") { request in
            let length = try request.parameter("length", as: Int.self)
            return Response(status: .ok, body: .bytes(Array(repeating: 0x78, count: length)))
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())").path
        let server = Server(router: router, logger: .silent)
        let address = try await server.start(on: .unixSocket(path: path))
        // The kernel holds a fixed length for a Unix socket: some of these leave just a little in the server.
        for length in stride(from: 64 * 1024, through: 512 * 1024, by: 32 * 1024) {
            let received = try await withClient(address) { client in
                try client.send("GET /\(length) HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = client.hasInput(within: 1000)
                client.finishSending()
                // Time for the server to see that: nothing else shows when it has.
                usleep(20_000)
                return try client.readAnswer().body.count
            }
            #expect(received == length)
        }
        await server.shutdown(within: .seconds(1))
    }

    @Test("half a request and then nothing more is not answered")
    func halfRequest() async throws {
        try await withServer(plainRouter()) { _, address in
            for part in [
                "GET /hel", "GET /hello HTTP/1.1\r\nHost: a\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
            ] {
                let isClosed = try await withClient(address) { client in
                    try client.send(part)
                    client.finishSending()
                    return try client.isClosed()
                }
                #expect(isClosed, "\(part)")
            }
        }
    }

    @Test("the absolute form of a target leads to the same route")
    func absoluteForm() async throws {
        try await withServer(plainRouter()) { _, address in
            let answer = try await withClient(address) { client in
                try client.send("GET HTTP://example.com:80/hello?x=1 HTTP/1.1\r\nHost: example.com\r\n\r\n")
                return try client.readAnswer()
            }
            #expect(answer.text == "hello")
        }
    }
}
