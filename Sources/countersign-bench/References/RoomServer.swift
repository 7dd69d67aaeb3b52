import ArgumentParser
import HTTPServer
import Logging

/// The HTTP layer of Countersign with one route that does what `PlainServer` does.
struct RoomServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve-room", shouldDisplay: false)

    @Option var port: Int

    func run() async throws {
        var router = Router()
        try router.on(.POST, "/small") { request in
            let small: SmallRequest = try request.decode()
            return try .json(SmallAnswer(reqID: "oe_\(small.to.dropFirst())"))
        }
        let server = Server(router: router, logger: Logger(label: "benchmark"))
        try await server.start(on: .tcp(host: "127.0.0.1", port: port))
        // Until the parent ends it.
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}
