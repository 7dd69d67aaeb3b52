import HTTPServer
import Synchronization
import Testing

/// Shapes of messages that another server might read differently (RFC 9112, section 11.2).
struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    let message: String
    var status = 400

    var testDescription: String { name }
}

@Suite("A message that is no valid HTTP/1.1")
struct MessageFaultTests {
    static let faults: [Fault] = [
        post("two framings", "Content-Length: 4\r\nTransfer-Encoding: chunked"),
        post("two framings, the other way round", "Transfer-Encoding: chunked\r\nContent-Length: 4"),
        post("two lengths", "Content-Length: 4\r\nContent-Length: 5"),
        post("the same length twice", "Content-Length: 4\r\nContent-Length: 4"),
        post("a list of lengths", "Content-Length: 4, 4"),
        post("a length with a sign", "Content-Length: +4"),
        post("a negative length", "Content-Length: -4"),
        post("a hexadecimal length", "Content-Length: 0x4"),
        post("a length beyond 64 bits", "Content-Length: 99999999999999999999999"),
        post("an empty length", "Content-Length: "),
        post("two transfer codings in two fields", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked"),
        post("chunked twice", "Transfer-Encoding: chunked, chunked"),
        post("chunked after gzip", "Transfer-Encoding: gzip, chunked", 501),
        post("chunked before gzip", "Transfer-Encoding: chunked, gzip"),
        post("another coding", "Transfer-Encoding: identity", 501),
        post("a misspelt coding", "Transfer-Encoding: xchunked", 501),
        post("a space before the colon", "Transfer-Encoding : chunked"),
        post("a space before the length's colon", "Content-Length : 4"),
        post("a folded field", "Transfer-Encoding:\r\n chunked"),
        post("a field folded in its value", "X-Other: a\r\n b\r\nContent-Length: 4"),
        get("a line feed alone after a field", "GET /echo HTTP/1.1\r\nHost: a\nX-Other: b\r\n\r\n"),
        get("a line feed alone after the request line", "GET /echo HTTP/1.1\nHost: a\r\n\r\n", 505),
        get("a line feed alone after the header", "GET /echo HTTP/1.1\r\nHost: a\r\n\n"),
        post("chunk lines that end in a line feed alone", "Transfer-Encoding: chunked", body: "2\nab\n0\n\n"),
        post("a NUL in a field", "X-Other: a\0b"),
        post("a control character in a name", "X-\u{1}: a"),
        post("a field without a colon", "X-Other"),
        post("a field without a name", ": x"),
        post("a carriage return alone", "X-Other: a\rContent-Length: 4"),
        post("chunks of a length that is none", "Transfer-Encoding: chunked", body: "zz\r\nab\r\n0\r\n\r\n"),
        post("a chunk longer than its length", "Transfer-Encoding: chunked", body: "2\r\nabcd\r\n0\r\n\r\n"),
        post("a chunk length beyond 64 bits", "Transfer-Encoding: chunked", body: "fffffffffffffffff\r\n"),
        Fault(
            name: "chunks in HTTP/1.0",
            message: "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"),
        get("no host", "GET /echo HTTP/1.1\r\n\r\n"),
        get("two hosts", "GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        get("two hosts in HTTP/1.0", "GET /echo HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
        get("an empty host", "GET /echo HTTP/1.1\r\nHost: \r\n\r\n"),
        get("a host with a path", "GET /echo HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        get("a host with a user", "GET /echo HTTP/1.1\r\nHost: u@a\r\n\r\n"),
        get("a list of hosts", "GET /echo HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        get("a port that is none", "GET /echo HTTP/1.1\r\nHost: a:b\r\n\r\n"),
        get("an address that is none", "GET /echo HTTP/1.1\r\nHost: [::1\r\n\r\n"),
        get("the authority form", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
        get("an asterisk for another method than OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        get("a target without a slash", "GET echo HTTP/1.1\r\nHost: a\r\n\r\n"),
        get("a target of another scheme", "GET ftp://a/echo HTTP/1.1\r\nHost: a\r\n\r\n"),
        get("a user in the target", "GET http://u@a/echo HTTP/1.1\r\nHost: a\r\n\r\n"),
        get("a fragment", "GET /echo#x HTTP/1.1\r\nHost: a\r\n\r\n"),
        get("a space in the target", "GET /echo x HTTP/1.1\r\nHost: a\r\n\r\n"),
        get("a method in lower case", "get /echo HTTP/1.1\r\nHost: a\r\n\r\n"),
        get("an unknown method", "BREW /echo HTTP/1.1\r\nHost: a\r\n\r\n"),
        get("no version", "GET /echo\r\n\r\n", 505),
        get("a version 2", "GET /echo HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        get("a version 1.2", "GET /echo HTTP/1.2\r\nHost: a\r\n\r\n", 505),
        get("the start of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        get("the start of TLS", "\u{16}\u{3}\u{1}\u{2}\0"),
        get("another expectation", "GET /echo HTTP/1.1\r\nHost: a\r\nExpect: coffee\r\n\r\n", 417),
    ]

    private static func post(
        _ name: String, _ fields: String, _ status: Int = 400, body: String = "0\r\n\r\n"
    ) -> Fault {
        Fault(name: name, message: "POST /echo HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)", status: status)
    }

    private static func get(_ name: String, _ message: String, _ status: Int = 400) -> Fault {
        Fault(name: name, message: message, status: status)
    }

    @Test("is refused, reaches no handler, and nothing after it is read as a request", arguments: faults)
    func fault(_ fault: Fault) async throws {
        let called = Counter()
        var router = Router()
        for method in [HTTPMethod.GET, .POST, .CONNECT] {
            try router.on(method, "/echo") { _ in called.answer() }
        }
        try router.on(.GET, "/v1/:part") { _ in called.answer() }
        try router.on(.GET, "/smuggled") { _ in called.answer() }
        try await withServer(router) { _, address in
            let all = try await withClient(address) { client in
                try client.send(fault.message + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
                return String(decoding: try client.readToEnd(), as: UTF8.self)
            }
            #expect(all.hasPrefix("HTTP/1.1 \(fault.status) "), "\(all.prefix(40))")
            #expect(all.ranges(of: "X-Request-Id: ").count == 1)
            #expect(all.contains("\r\nConnection: close\r\n"))
            #expect(called.count == 0)
        }
    }

    @Test("is refused after the requests before it were answered")
    func afterValidRequest() async throws {
        try await withServer(plainRouter()) { _, address in
            let answers = try await withClient(address) { client in
                try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n")
                return try [client.readAnswer(), client.readAnswer()]
            }
            #expect(answers.map(\.status) == [200, 400])
        }
    }
}
