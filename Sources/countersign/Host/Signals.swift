@preconcurrency import Dispatch
import Glibc

/// Signals as events, by their names, in place of what they do otherwise.
struct Signals: Sendable {
    let received: AsyncStream<String>

    /// What asks a process to end.
    static func termination() -> Signals {
        // A client that leaves must not end the process.
        signal(SIGPIPE, SIG_IGN)
        return Signals([(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")])
    }

    /// What asks a daemon to read its files again.
    static func reload() -> Signals { Signals([(SIGHUP, "SIGHUP")]) }

    private init(_ wanted: [(Int32, String)]) {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        received = stream
        let sources = wanted.map { number, name in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(name) }
            source.resume()
            return source
        }
        continuation.onTermination = { _ in sources.forEach { $0.cancel() } }
    }

    /// Waits for the first of them.
    func first() async -> String {
        for await name in received { return name }
        return "end"
    }
}
