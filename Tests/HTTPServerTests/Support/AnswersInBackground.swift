import Foundation

/// Reads a client's answers on another thread while the first one still sends.
final class AnswersInBackground: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var result: Result<[Answer], any Error>?

    init(_ client: Client, count: Int) {
        nonisolated(unsafe) let client = client
        Thread.detachNewThread { [self] in
            result = Result { try (0..<count).map { _ in try client.readAnswer() } }
            done.signal()
        }
    }

    func wait() throws -> [Answer] {
        done.wait()
        return try result?.get() ?? []
    }
}
