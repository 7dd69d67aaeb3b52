import Foundation
import FoundationNetworking
import Synchronization

/// HTTPS to a server elsewhere; plain HTTP to loopback only, as the key goes with every request.
struct AddressTransport: Transport {
    let address: URL

    /// Throws `CommandError` for an address that is none, or that a key must not travel to.
    ///
    /// - Parameter option: where it was given.
    init(address: String, option: String = "--server") throws {
        let loopback = ["127.0.0.1", "localhost", "::1", "[::1]"]
        guard let url = URL(string: address), let host = url.host, url.scheme == "https" || url.scheme == "http" else {
            throw CommandError("\(option) must be an address such as https://login.example.com, not \(address)")
        }
        guard url.scheme == "https" || loopback.contains(host) else {
            throw CommandError("a key must not travel unencrypted: use https:// for \(host)")
        }
        self.address = url
    }

    func send(_ request: CommandRequest, _ take: (@Sendable (Data) -> Void)?) async throws -> CommandResponse {
        guard let url = URL(string: request.path, relativeTo: address) else {
            throw CommandError("\(request.path) is no path")
        }
        var message = URLRequest(url: url, timeoutInterval: 30)
        message.httpMethod = request.method
        message.httpBody = request.body
        for (name, value) in request.headers { message.setValue(value, forHTTPHeaderField: name) }
        do {
            return try await Exchange(take).run(message)
        } catch {
            throw CommandError("\(address.absoluteString) does not answer: \(error.localizedDescription)")
        }
    }
}

/// One request to an address, and its answer.
private final class Exchange: NSObject, URLSessionDataDelegate {
    /// Bytes of an answer that is collected: nothing that a server of ours gives has more.
    private static let limit = 64 * 1024 * 1024
    /// How long an answer that is collected may take, however steadily it comes.
    private static let patience = Duration.seconds(120)

    private struct State {
        var answer = CommandResponse(status: 0, body: Data())
        var waiting: CheckedContinuation<CommandResponse, any Error>?
    }

    private let take: (@Sendable (Data) -> Void)?
    private let state = Mutex(State())

    init(_ take: (@Sendable (Data) -> Void)?) { self.take = take }

    func run(_ message: URLRequest) async throws -> CommandResponse {
        let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let task = session.dataTask(with: message)
        let deadline = Task { [isCollected = take == nil] in
            guard isCollected, (try? await Task.sleep(for: Self.patience)) != nil else { return }
            task.cancel()
        }
        defer { deadline.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            state.withLock { $0.waiting = continuation }
            task.resume()
        }
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
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        state.withLock { $0.answer.status = status }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTaken = state.withLock { state in
            if take != nil, state.answer.status == 200 { return true }
            if state.answer.body.count + data.count > Self.limit {
                dataTask.cancel()
            } else {
                state.answer.body += data
            }
            return false
        }
        if isTaken { take?(data) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let (waiting, answer) = state.withLock { state in
            defer { state.waiting = nil }
            return (state.waiting, state.answer)
        }
        if let error { waiting?.resume(throwing: error) } else { waiting?.resume(returning: answer) }
    }
}
