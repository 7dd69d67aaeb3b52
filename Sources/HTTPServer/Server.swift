import Logging
import NIOCore
import NIOPosix
import Synchronization

/// An HTTP/1.1 server (RFC 9112) on SwiftNIO: any number of listeners, one thread for each core.
public final class Server: Sendable {
    private let router: Router
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let group = MultiThreadedEventLoopGroup.singleton
    private let loops: LoopDirectory
    private let connections: OpenConnections
    private let listeners = Mutex<[Listener]>([])

    /// A server that does not listen yet.
    ///
    /// - Parameters:
    ///   - router: answers on every listener that is started without a router of its own.
    ///   - logger: gets one line for each request at level `debug`, those that no handler saw and that are refused at
    ///     `info`, and failures at level `error`.
    ///   - traffic: counts what is answered. One of no other server.
    public init(
        router: Router, configuration: ServerConfiguration = ServerConfiguration(), logger: Logger,
        traffic: Traffic = Traffic()
    ) {
        self.router = router
        self.configuration = configuration
        self.logger = logger
        loops = LoopDirectory(group: group, configuration: configuration, traffic: traffic)
        connections = OpenConnections(
            maximum: DescriptorLimit.connections(wanted: configuration.maximumConnections, logger: logger),
            maximumWaiting: configuration.maximumWaiting)
        traffic.attach(connections)
    }

    /// Listens on an address, and returns it with the port that the system chose. May be called more than once.
    ///
    /// - Parameter tls: the certificate of a listener that speaks HTTPS.
    /// - Throws: `ListenerError`, or SwiftNIO's error where a TCP port cannot be bound.
    @discardableResult
    public func start(
        on address: ListenerAddress, router: Router? = nil, tls: TLSIdentity? = nil
    ) async throws -> ListenerAddress {
        guard !connections.isDraining else { throw ListenerError.shuttingDown }
        var configuration = configuration
        if case .unixSocket = address { configuration.maximumBodyBytes = configuration.maximumLocalBodyBytes }
        let shared = ServerContext(
            router: router ?? self.router, configuration: configuration, logger: logger, connections: connections,
            tls: tls)
        let listener = try await Listener.start(on: address, shared: shared, loops: loops, group: group)
        listeners.withLock { $0.append(listener) }
        return listener.address
    }

    /// Listens on several addresses; where one fails, none stays open.
    ///
    /// - Throws: as `start(on:router:)`.
    @discardableResult
    public func start(on addresses: [ListenerAddress]) async throws -> [ListenerAddress] {
        var bound: [ListenerAddress] = []
        do {
            for address in addresses { bound.append(try await start(on: address)) }
        } catch {
            await shutdown(within: .zero)
            throw error
        }
        return bound
    }

    /// The number of connections that are open.
    public var openConnections: Int { connections.count }

    /// The number of clients that wait: event streams, WebSockets and long polls.
    public var waitingClients: Int { connections.places.count }

    /// Ends the server: no new connections, idle ones closed, requests under way answered with `Connection: close`, and
    /// so is the first request of who had just connected, within `firstRequestGrace`;
    /// event streams end, WebSockets are closed and long polls are answered. What is not done in time is cut and its handlers
    /// are cancelled.
    ///
    /// - Returns: the number of connections that were cut.
    @discardableResult
    public func shutdown(within limit: Duration) async -> Int {
        connections.beginDraining()
        let open = listeners.withLock { listeners in
            defer { listeners = [] }
            return listeners
        }
        for listener in open { await listener.close() }
        await loops.forEach { $0.drain() }
        let cutting = Task { [loops] in
            try await Task.sleep(for: limit)
            return await loops.cut()
        }
        let connections = connections
        let finished = Task {
            await connections.waitUntilNone()
            cutting.cancel()
        }
        let cut = (try? await cutting.value) ?? 0
        if cut == 0 { await finished.value }
        return cut
    }
}
