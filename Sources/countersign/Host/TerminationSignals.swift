@preconcurrency import Dispatch
import Glibc

/// SIGTERM and SIGINT as events.
struct TerminationSignals: Sendable {
    private let stream: AsyncStream<String>

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        self.stream = stream
        let sources = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")].map { number, name in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(name) }
            source.resume()
            return source
        }
        continuation.onTermination = { _ in sources.forEach { $0.cancel() } }
        // A client that leaves must not end the process.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits for the first of them.
    func first() async -> String {
        for await name in stream { return name }
        return "end"
    }
}
