import HTTPServer
import Logging

/// Runs a server on a free port of the loopback for as long as `body` takes.
func withServer<Value: Sendable>(
    _ router: Router, _ change: (inout ServerConfiguration) -> Void = { _ in }, logger: Logger = .silent,
    _ body: (Server, ListenerAddress) async throws -> Value
) async throws -> Value {
    var configuration = ServerConfiguration()
    change(&configuration)
    let server = Server(router: router, configuration: configuration, logger: logger)
    let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
    do {
        let value = try await body(server, address)
        await server.shutdown(within: .milliseconds(100))
        return value
    } catch {
        await server.shutdown(within: .milliseconds(100))
        throw error
    }
}

/// Opens a client to a server on a thread of its own.
func withClient<Value: Sendable>(
    _ address: ListenerAddress, _ body: @escaping @Sendable (Client) throws -> Value
) async throws -> Value {
    try await onThread { try body(Client(address)) }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// Routes that most tests need.
func plainRouter() throws -> Router {
    var router = Router()
    try router.on(.GET, "/hello") { _ in
        Response(status: .ok, headers: ["Content-Type": "text/plain"], body: .bytes(Array("hello".utf8)))
    }
    try router.on(.POST, "/echo") { request in
        Response(status: .ok, body: .bytes(request.bodyBytes))
    }
    try router.on(.GET, "/v1/keys/:id") { request in
        Response(status: .ok, body: .bytes(Array(request.parameter("id").utf8)))
    }
    return router
}
