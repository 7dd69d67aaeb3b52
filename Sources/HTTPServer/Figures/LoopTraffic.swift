import Figures
import NIOCore
import NIOHTTP1
import Synchronization

/// The answers of one event loop. Written there alone; the lock is for those who read.
final class LoopTraffic: Sendable {
    private static let methods: [HTTPMethod] = [.GET, .HEAD, .POST, .PUT, .PATCH, .DELETE, .OPTIONS]

    private let counts = Mutex<[AnswerKind: DurationHistogram]>([:])

    var answers: [AnswerKind: DurationHistogram] { counts.withLock { $0 } }

    func count(_ exchange: Exchange, status: HTTPResponseStatus) {
        let duration = exchange.start.map { NIODeadline.now() - $0 } ?? .zero
        count(
            AnswerKind(route: exchange.route, method: Self.name(exchange.method), status: Int(status.code)),
            seconds: Double(duration.nanoseconds) / 1e9)
    }

    /// Counts a connection that was answered before it asked for anything.
    func countRefusedConnection(status: HTTPResponseStatus) {
        count(AnswerKind(route: Exchange.noRoute, method: Self.name(nil), status: Int(status.code)), seconds: 0)
    }

    private func count(_ kind: AnswerKind, seconds: Double) {
        counts.withLock { $0[kind, default: DurationHistogram()].add(seconds: seconds) }
    }

    private static func name(_ method: HTTPMethod?) -> String {
        guard let method else { return "none" }
        return methods.contains(method) ? method.rawValue : "other"
    }
}
