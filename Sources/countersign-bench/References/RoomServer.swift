import ArgumentParser
import Glibc
import HTTPServer
import Logging

/// The HTTP layer of Countersign with one route that does what `PlainServer` does, and one for each way to wait.
struct RoomServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve-room", shouldDisplay: false)

    @Option var port: Int

    /// Clients that may wait at once.
    @Option var waiting = ServerConfiguration().maximumWaiting

    /// PEM files, for HTTPS.
    @Option var certificate: String?
    @Option var key: String?

    func run() async throws {
        let server = Server(
            router: try Self.router(), configuration: configuration, logger: Logger(label: "benchmark"))
        try await server.start(on: .tcp(host: "127.0.0.1", port: port), tls: try identity())
        // Until the parent ends it.
        while true { try await Task.sleep(for: .seconds(3600)) }
    }

    private func identity() throws -> TLSIdentity? {
        guard let certificate, let key else { return nil }
        return try TLSIdentity(TLSFiles(certificate: certificate, key: key), now: Int64(time(nil)))
    }

    private var configuration: ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.maximumWaiting = waiting
        configuration.maximumConnections = max(configuration.maximumConnections, waiting * 6 / 5 + 1)
        return configuration
    }

    private static func router() throws -> Router {
        let news = News()
        var router = Router()
        try router.on(.POST, "/small") { request in
            let small: SmallRequest = try request.decode()
            return try .json(SmallAnswer(reqID: "oe_\(small.to.dropFirst())"))
        }
        try router.on(.POST, "/news") { _ in
            news.tell("news")
            return try .json(news.listeners)
        }
        try router.on(.POST, "/listeners") { _ in try .json(news.listeners) }
        try router.on(.GET, "/poll") { _ in
            .later(after: news.sequence(), atMost: .seconds(600)) {
                Response(status: .ok, body: .bytes(Array("news".utf8)))
            }
        }
        try router.on(.GET, "/events") { _ in .events(news.sequence().map { ServerSentEvent(data: $0) }) }
        try router.on(.GET, "/socket") { _ in .webSocket(news.sequence()) }
        return router
    }
}
