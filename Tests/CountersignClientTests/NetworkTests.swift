import CountersignClient
import Foundation
import Testing

/// `URLSession` against a real server on loopback.
@Suite("The network by URLSession", .timeLimit(.minutes(1)))
struct NetworkTests {
    @Test("a request arrives as it was made, and its answer comes back")
    func exchange() async throws {
        try await LoopbackServer.serving { server in
            let answer = try await URLSessionTransport().send(
                server.request("POST", "/echo?x=1", headers: ["X-One": "1"], body: "hello"))
            #expect(answer.status == 201)
            #expect(answer.header("X-REQUEST-ID") != nil)
            #expect(String(decoding: answer.body, as: UTF8.self) == "POST 1 hello")
        }
    }

    @Test("a redirect is handed back, not followed")
    func redirect() async throws {
        try await LoopbackServer.serving { server in
            let answer = try await URLSessionTransport().send(server.request("POST", "/redirect", body: "secret"))
            #expect(answer.status == 307)
            #expect(server.paths == ["/redirect"])
        }
    }

    @Test("an answer that is too long is dropped, with its length declared or not", arguments: ["/long", "/endless"])
    func tooLong(_ path: String) async throws {
        try await LoopbackServer.serving { server in
            await #expect(throws: TransportError(.answerTooLong, mayHaveArrived: true)) {
                try await URLSessionTransport().send(server.request("GET", path))
            }
        }
    }

    @Test(
        "a server that does not answer is left after the time-out, also in the middle of an answer",
        arguments: ["/silent", "/stalled"])
    func timeout(_ path: String) async throws {
        try await LoopbackServer.serving { server in
            await #expect(throws: TransportError(.timedOut, mayHaveArrived: true)) {
                try await URLSessionTransport().send(server.request("GET", path, timeout: .milliseconds(200)))
            }
        }
    }

    @Test("a cancelled task gives its request up")
    func cancelled() async throws {
        try await LoopbackServer.serving { server in
            let task = Task {
                try await URLSessionTransport().send(server.request("GET", "/silent", timeout: .seconds(50)))
            }
            await server.waitForRequest()
            task.cancel()
            await #expect(throws: TransportError(.cancelled, mayHaveArrived: true)) { try await task.value }
        }
    }

    @Test("nothing can have arrived where nobody listens")
    func unreachable() async throws {
        let request = try await LoopbackServer.serving { $0.request("GET", "/echo") }
        await #expect(throws: TransportError(.unreachable, mayHaveArrived: false)) {
            try await URLSessionTransport().send(request)
        }
    }

    @Test("requests that may arrive twice share a connection; one that must not has its own")
    func ownConnection() async throws {
        try await LoopbackServer.serving { server in
            let transport = URLSessionTransport()
            for mayArriveTwice in [true, true, false, false] {
                var request = server.request("POST", "/echo", body: "x")
                request.mayArriveTwice = mayArriveTwice
                _ = try await transport.send(request)
            }
            let peers = server.peers
            #expect(peers.count == 4)
            #expect(peers[0] == peers[1])
            #expect(Set(peers).count == 3)
        }
    }

    @Test("a request that must not arrive twice does not, whatever becomes of the connections that are kept")
    func cutConnection() async throws {
        let server = try await CuttingServer()
        let transport = URLSessionTransport()
        var request = TransportRequest(
            method: "POST", url: try #require(server.url), headers: [:], body: Data(), timeout: .seconds(20),
            mayArriveTwice: true)
        _ = try await transport.send(request)
        request.mayArriveTwice = false
        _ = try await transport.send(request)
        #expect(server.requests == 2)
        try await server.close()
    }

    @Test("cookies of a server are not kept")
    func cookies() async throws {
        try await LoopbackServer.serving { server in
            let transport = URLSessionTransport()
            _ = try await transport.send(server.request("GET", "/cookie"))
            _ = try await transport.send(server.request("GET", "/cookie"))
            #expect(server.cookies == [nil, nil])
        }
    }
}
