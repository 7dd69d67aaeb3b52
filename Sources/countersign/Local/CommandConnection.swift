import FoundationEssentials
import HTTPServer
import NIOCore
import NIOHTTP1
import NIOPosix

/// A connection to a server, for one exchange after the other.
struct CommandConnection: Sendable {
    /// Where the server is.
    enum Place: Sendable {
        case socket(path: String)
        case address(host: String, port: Int, trust: TLSTrust?)
    }

    private let channel: any Channel

    /// Connects, and waits until requests can be sent. Throws what the network or TLS say.
    init(to place: Place, patience: AnswerPatience?) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let ready = loop.makePromise(of: Void.self)
        let bootstrap = ClientBootstrap(group: loop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                if case .address(let host, _, let trust?) = place {
                    try pipeline.addHandler(trust.handler(to: host))
                }
                try pipeline.addHTTPClientHandlers()
                try pipeline.addHandler(ExchangeHandler(patience, isEncrypted: place.isEncrypted, ready: ready))
            }
        }
        do {
            channel =
                switch place {
                case .socket(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
                case .address(let host, let port, _): try await bootstrap.connect(host: host, port: port).get()
                }
        } catch {
            ready.fail(error)
            throw error
        }
        try await ready.futureResult.get()
    }

    var isOpen: Bool { channel.isActive }

    /// Sends a request and waits for the whole answer. One at a time. Throws `AnswerFault`, `ConnectionEnded`, or what the
    /// network says.
    func send(
        _ request: CommandRequest, to authority: String, _ take: (@Sendable (Data) -> Void)?
    ) async throws -> CommandResponse {
        let answer = channel.eventLoop.makePromise(of: CommandResponse.self)
        let exchange = CommandExchange(request: request, authority: authority, take: take, answer: answer)
        // Where the connection has ended meanwhile, nobody takes the exchange.
        channel.writeAndFlush(exchange).whenFailure { _ in answer.fail(ConnectionEnded(beganAnswer: false)) }
        return try await answer.futureResult.get()
    }

    func close() { channel.close(promise: nil) }
}

extension CommandConnection.Place {
    fileprivate var isEncrypted: Bool {
        if case .address(_, _, .some) = self { true } else { false }
    }
}
