import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization

@testable import HTTPServer

/// A connection's bytes, from the socket to the routes.
///
/// Promises: however the bytes are cut, the same requests reach the routes; each of them is answered, and none with 500.
enum HTTPEntry {
    static func run(_ bytes: [UInt8]) throws {
        let whole = try Conversation(bytes, step: bytes.count)
        for step in [1, 7] {
            let cut = try Conversation(bytes, step: step)
            try promise(
                cut.seen == whole.seen, "cut at \(step) bytes, other requests arrive: \(cut.seen), \(whole.seen)")
        }
        let text = String(decoding: whole.answers, as: UTF8.self)
        try promise(text.isEmpty || text.hasPrefix("HTTP/1.1 "), "no answer: \(text)")
        try promise(!text.contains("HTTP/1.1 500"), "an answer of 500: \(text)")
        try promise(
            text.components(of: "HTTP/1.1 ") >= whole.seen.count, "\(whole.seen.count) requests, but: \(text)")
    }
}

/// What a connection made of its bytes.
private struct Conversation {
    /// The requests and refusals that reached the routes.
    let seen: [String]
    /// The bytes that the client got.
    private(set) var answers: [UInt8] = []

    init(_ bytes: [UInt8], step: Int) throws {
        let journal = SeenRequests()
        let shared = ServerContext(
            router: try Self.router(journal), configuration: ServerConfiguration(),
            logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() },
            connections: OpenConnections(maximum: 10, maximumWaiting: 1))
        _ = shared.connections.enter()
        let channel = EmbeddedChannel()
        let intake = RequestIntake()
        let loop = LoopConnections(
            eventLoop: channel.eventLoop, configuration: shared.configuration, traffic: Traffic().loop())
        let connection = Connection(
            shared: shared, loop: loop, intake: intake, peer: .address(ip: "127.0.0.1", port: 1))
        try channel.pipeline.syncOperations.addHandlers(intake, connection)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        for start in stride(from: 0, to: bytes.count, by: max(step, 1)) {
            let piece = ByteBuffer(bytes: bytes[start..<min(start + step, bytes.count)])
            guard channel.isActive, (try? channel.writeInbound(piece)) != nil else { break }
            channel.embeddedEventLoop.run()
        }
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { answers += buffer.readableBytesView }
        seen = journal.all
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    private static func router(_ journal: SeenRequests) throws -> Router {
        var router = Router()
        for method in [HTTPMethod.GET, .POST] {
            try router.on(method, "/echo/:name") { request in
                journal.note("\(request.method) \(request.pathAndQuery) \(Array(request.headers)) \(request.bodyBytes)")
                return Response(status: .ok, body: .bytes(request.bodyBytes.filter { $0 == 0x20 }))
            }
        }
        router.failure = { reason, request in
            journal.note("\(reason) \(request.path ?? "")")
            return Response(status: .badRequest)
        }
        return router
    }
}

private final class SeenRequests: Sendable {
    private let noted = Mutex<[String]>([])

    var all: [String] { noted.withLock { $0 } }
    func note(_ text: String) { noted.withLock { $0.append(text) } }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
