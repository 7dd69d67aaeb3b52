import Foundation

/// The way to one server: addresses, credential, repetition.
struct Connection: Sendable {
    static let userAgent = "countersign-swift/0.1"

    let configuration: ClientConfiguration
    let address: ServerAddress
    let transport: any Transport
    let surroundings: Surroundings

    /// The answer of the server, if it is a yes.
    /// - Throws: `refused`, `unreachable`, `timedOut`, `cancelled`, `answerUnreadable`, and what making the header throws.
    func response(to call: Call) async throws(CountersignError) -> TransportResponse {
        var failures = 0
        while true {
            let failure: Failure
            switch try await send(call) {
            case .success(let response): return response
            case .failure(let reason): failure = reason
            }
            failures += 1
            guard failure.mayRepeat,
                let pause = configuration.retries.pause(
                    after: failures, asked: failure.error.retryAfter, chance: surroundings.chance())
            else { throw failure.error }
            do { try await surroundings.wait(pause) } catch {
                throw CountersignError(TransportError(.cancelled, mayHaveArrived: failure.error.mayHaveHappened))
            }
        }
    }

    private struct Failure: Error {
        var error: CountersignError
        var mayRepeat: Bool
    }

    private func send(_ call: Call) async throws(CountersignError) -> Result<TransportResponse, Failure> {
        let request = try await request(call)
        guard !Task.isCancelled else { throw CountersignError(TransportError(.cancelled, mayHaveArrived: false)) }
        let response: TransportResponse
        do {
            response = try await transport.send(request)
        } catch {
            return .failure(Failure(error: CountersignError(error), mayRepeat: error.mayRepeat(call.repetition)))
        }
        switch response.status {
        case 200..<300: return .success(response)
        case 300..<400:
            throw .answerUnreadable("The server redirects, and a redirect is not followed.")
        default:
            let error = CountersignError(response)
            return .failure(Failure(error: error, mayRepeat: call.repetition == .safe && error.passes))
        }
    }

    private func request(_ call: Call) async throws(CountersignError) -> TransportRequest {
        var headers = try await call.headers()
        headers["Accept"] = "application/json"
        headers["User-Agent"] = Self.userAgent
        if call.body != nil { headers["Content-Type"] = "application/json" }
        if call.isAuthenticated { try authenticate(&headers, call.path) }
        return TransportRequest(
            method: call.method, url: try address.url(call.path), headers: headers, body: call.body,
            timeout: configuration.timeout + call.patience, mayArriveTwice: call.repetition == .safe)
    }

    private func authenticate(_ headers: inout [String: String], _ path: String) throws(CountersignError) {
        switch configuration.credential?.kind {
        case .secretKey(let key), .agentKey(let key): headers["Authorization"] = "Bearer \(key.reveal())"
        case .configuration(let identifier): headers["X-Countersign-Config"] = identifier
        case nil: throw .notConfigured("a credential")
        }
    }
}

extension TransportError {
    fileprivate func mayRepeat(_ repetition: Call.Repetition) -> Bool {
        switch kind {
        case .cancelled, .untrusted, .answerTooLong: false
        case .unreachable, .interrupted, .timedOut: repetition == .safe || !mayHaveArrived
        }
    }
}

extension CountersignError {
    /// Whether the same request may be answered otherwise in a moment.
    fileprivate var passes: Bool {
        switch status {
        case 408, 429, 503: true
        // Of a proxy in front of the server, which names no code.
        case 500, 502, 504: serverCode?.rawValue.hasPrefix("http_") == true
        case 409: serverCode == .idempotencyInProgress
        default: false
        }
    }
}
