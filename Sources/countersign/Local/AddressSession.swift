import Foundation
import FoundationNetworking
import Synchronization

/// Connections to one server, and the exchanges on them.
final class AddressSession: Sendable {
    private let exchanges: Exchanges
    private let session: URLSession

    init(_ patience: AnswerPatience) {
        let configuration = URLSessionConfiguration.ephemeral
        // The exchanges watch the time themselves.
        configuration.timeoutIntervalForRequest = 24 * 3600
        exchanges = Exchanges(patience)
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    deinit { session.invalidateAndCancel() }

    /// Throws `AnswerFault`, or what the network says.
    func send(_ message: URLRequest, _ take: (@Sendable (Data) -> Void)?) async throws -> CommandResponse {
        let task = session.dataTask(with: message)
        let watch = Task { [exchanges] in await exchanges.watch(task) }
        defer { watch.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            exchanges.begin(Exchange(take, continuation), task)
            task.resume()
        }
    }
}

/// One request, and what came of its answer.
private struct Exchange {
    let take: (@Sendable (Data) -> Void)?
    let waiting: CheckedContinuation<CommandResponse, any Error>
    let start = ContinuousClock.now
    var answer = CommandResponse(status: 0, body: Data())
    var lastPiece = ContinuousClock.now
    var fault: AnswerFault?

    init(_ take: (@Sendable (Data) -> Void)?, _ waiting: CheckedContinuation<CommandResponse, any Error>) {
        self.take = take
        self.waiting = waiting
    }
}

/// The exchanges of a session by their tasks' identifiers.
private final class Exchanges: NSObject, URLSessionDataDelegate {
    private let patience: AnswerPatience
    private let running = Mutex<[Int: Exchange]>([:])

    init(_ patience: AnswerPatience) { self.patience = patience }

    func begin(_ exchange: Exchange, _ task: URLSessionTask) {
        running.withLock { $0[task.taskIdentifier] = exchange }
    }

    /// Gives a task up once its time is over. Ends when it is cancelled.
    func watch(_ task: URLSessionTask) async {
        let step = min(patience.silence, patience.whole, .seconds(1))
        while (try? await Task.sleep(for: step)) != nil {
            let isOver = running.withLock { running in
                guard let exchange = running[task.taskIdentifier] else { return false }
                running[task.taskIdentifier]?.fault = fault(of: exchange)
                return running[task.taskIdentifier]?.fault != nil
            }
            if isOver { return task.cancel() }
        }
    }

    private func fault(of exchange: Exchange) -> AnswerFault? {
        if let fault = exchange.fault { return fault }
        if exchange.lastPiece.duration(to: .now) >= patience.silence { return .silent(patience.silence) }
        let isCollected = exchange.take == nil
        return isCollected && exchange.start.duration(to: .now) >= patience.whole ? .slow(patience.whole) : nil
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        // The key goes nowhere but to the server that it is for.
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        let response = response as? HTTPURLResponse
        running.withLock { running in
            running[dataTask.taskIdentifier]?.lastPiece = .now
            running[dataTask.taskIdentifier]?.answer.status = response?.statusCode ?? 0
            running[dataTask.taskIdentifier]?.answer.retryAfter =
                response?.value(forHTTPHeaderField: "Retry-After").flatMap { Int($0) }
        }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let take = running.withLock { running -> (@Sendable (Data) -> Void)? in
            guard var exchange = running.removeValue(forKey: dataTask.taskIdentifier) else { return nil }
            defer { running[dataTask.taskIdentifier] = exchange }
            exchange.lastPiece = .now
            if let take = exchange.take, exchange.answer.status == 200 { return take }
            if exchange.answer.body.count + data.count > patience.size {
                exchange.fault = .tooLarge(patience.size)
                dataTask.cancel()
            } else {
                exchange.answer.body += data
            }
            return nil
        }
        take?(data)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let exchange = running.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
        if let error = exchange.fault ?? error {
            exchange.waiting.resume(throwing: error)
        } else {
            exchange.waiting.resume(returning: exchange.answer)
        }
    }
}
