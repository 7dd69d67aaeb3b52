import NIOCore

extension Request {
    /// Waits for something to happen, in a handler that answers as soon as it does (a long poll).
    ///
    /// `event` runs as a task of its own. That is cancelled when `limit` is over, the client leaves, the server shuts
    /// down or the handler is cancelled, and at once where `ServerConfiguration.maximumWaiting` clients wait already:
    /// the handler then answers with what it has.
    ///
    /// - Returns: what `event` returns, cancelled or not. It must return soon once it is cancelled.
    /// - Throws: what `event` throws.
    public func wait<Value: Sendable>(
        atMost limit: Duration, for event: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let waiting = Task(executorPreference: storage.connection?.executor, operation: event)
        return try await withTaskCancellationHandler {
            guard let connection = storage.connection else { return try await waiting.value(within: limit) }
            let wait = OngoingWait { waiting.cancel() }
            await connection.beginWait(wait, for: identifier, atMost: limit)
            let result = await waiting.result
            await connection.endWait(wait)
            return try result.get()
        } onCancel: {
            waiting.cancel()
        }
    }
}

extension Task where Failure == any Error {
    /// The value of a task that is cancelled when its time is over.
    fileprivate func value(within limit: Duration) async throws -> Success {
        let limiting = Task<Void, any Error> {
            try await Task<Never, Never>.sleep(for: limit)
            cancel()
        }
        defer { limiting.cancel() }
        return try await value
    }
}
