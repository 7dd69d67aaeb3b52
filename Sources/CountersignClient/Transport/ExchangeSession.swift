import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What comes back for one request.
enum ExchangeEvent: Sendable {
    case head(HTTPURLResponse)
    case body(Data)
}

typealias ExchangeEvents = AsyncThrowingStream<ExchangeEvent, any Error>

/// A `URLSession` with connections of its own, whose answers arrive as streams of events.
final class ExchangeSession: Sendable {
    private let delegate: ExchangeDelegate
    private let session: URLSession

    init() {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        delegate = ExchangeDelegate()
        session = URLSession(configuration: configuration, delegate: delegate, delegateQueue: nil)
    }

    /// Sends a request. Whoever stops listening cancels it.
    func start(_ request: URLRequest) -> ExchangeEvents {
        let (events, continuation) = ExchangeEvents.makeStream()
        let task = session.dataTask(with: request)
        continuation.onTermination = { _ in task.cancel() }
        delegate.expect(task.taskIdentifier, continuation)
        task.resume()
        return events
    }

    func end() { session.invalidateAndCancel() }
}

/// Hands each task's events to whoever waits for them.
private final class ExchangeDelegate: NSObject, URLSessionDataDelegate {
    private let waiting = Locked<[Int: ExchangeEvents.Continuation]>([:])

    func expect(_ task: Int, _ continuation: ExchangeEvents.Continuation) {
        waiting.withLock { $0[task] = continuation }
    }

    private func continuation(_ task: URLSessionTask) -> ExchangeEvents.Continuation? {
        waiting.withLock { $0[task.taskIdentifier] }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        // A key, a token or a code goes nowhere but to the server that it is for.
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        if let response = response as? HTTPURLResponse { continuation(dataTask)?.yield(.head(response)) }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        continuation(dataTask)?.yield(.body(data))
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        waiting.withLock { $0.removeValue(forKey: task.taskIdentifier) }?.finish(throwing: error)
    }
}
