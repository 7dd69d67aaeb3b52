import CountersignClient
import Foundation
import HTTPServer
import Logging
import Synchronization

/// A real server on loopback, whose paths misbehave in the way that they are named for.
final class LoopbackServer: Sendable {
    private struct Seen: Sendable {
        var paths: [String] = []
        var peers: [Peer] = []
        var cookies: [String?] = []
    }

    private let seen: Log
    private let port: Int

    private final class Log: Sendable {
        let seen = Mutex(Seen())
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()

        func note(_ request: Request) {
            seen.withLock { seen in
                seen.paths.append(request.path)
                seen.peers.append(request.peer)
                seen.cookies.append(request.headers["Cookie"])
            }
            arrived.yield()
        }
    }

    private init(_ log: Log, port: Int) {
        seen = log
        self.port = port
    }

    var paths: [String] { seen.seen.withLock { $0.paths } }
    var peers: [Peer] { seen.seen.withLock { $0.peers } }
    var cookies: [String?] { seen.seen.withLock { $0.cookies } }

    func waitForRequest() async { for await _ in seen.arrivals { return } }

    /// Runs a server for as long as `body` takes.
    @discardableResult
    static func serving<Result: Sendable>(
        _ body: @Sendable (LoopbackServer) async throws -> Result
    ) async throws -> Result {
        let log = Log()
        var router = Router()
        for method in [HTTPMethod.GET, .POST] {
            for path in ["echo", "redirect", "long", "endless", "silent", "stalled", "cookie"] {
                try router.on(method, "/\(path)") { request in
                    log.note(request)
                    return try await Self.answer(path, request)
                }
            }
        }
        let server = Server(router: router, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        guard case .tcp(_, let port) = try await server.start(on: .tcp(host: "127.0.0.1", port: 0)) else {
            preconditionFailure("a TCP listener has a port")
        }
        do {
            let result = try await body(LoopbackServer(log, port: port))
            await server.shutdown(within: .zero)
            return result
        } catch {
            await server.shutdown(within: .zero)
            throw error
        }
    }

    func request(
        _ method: String, _ path: String, headers: [String: String] = [:], body: String? = nil,
        timeout: Duration = .seconds(20)
    ) -> TransportRequest {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { preconditionFailure("a path") }
        return TransportRequest(
            method: method, url: url, headers: headers, body: body.map { Data($0.utf8) }, timeout: timeout,
            mayArriveTwice: true)
    }

    private static func answer(_ path: String, _ request: Request) async throws -> Response {
        let tooMuch = [UInt8](repeating: 0x20, count: URLSessionTransport.longestAnswer + 1)
        switch path {
        case "redirect": return Response(status: .temporaryRedirect, headers: ["Location": "/echo"])
        case "long": return Response(status: .ok, body: .bytes(tooMuch))
        case "endless": return Response(status: .ok, body: .stream { for _ in 1...10 { try await $0.write(tooMuch) } })
        case "silent":
            try await Task.sleep(for: .seconds(50))
            return Response(status: .ok)
        case "stalled":
            return Response(
                status: .ok,
                body: .stream {
                    try await $0.write("{")
                    try await Task.sleep(for: .seconds(50))
                })
        case "cookie": return Response(status: .ok, headers: ["Set-Cookie": "a=b; Path=/"])
        default:
            let body = String(decoding: request.bodyBytes, as: UTF8.self)
            let text = "\(request.method.rawValue) \(request.headers["X-One"] ?? "-") \(body)"
            return Response(status: .created, body: .bytes(Array(text.utf8)))
        }
    }
}
