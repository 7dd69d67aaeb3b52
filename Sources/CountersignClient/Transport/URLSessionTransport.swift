import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The network by `URLSession`: no cookies, no cache, no redirect, answers of at most one megabyte.
public final class URLSessionTransport: Transport {
    /// Bytes of an answer's body; the longest that the server gives is a key set.
    public static let longestAnswer = 1 << 20

    /// Keeps connections for requests that may arrive twice.
    private let shared: ExchangeSession

    public init() { shared = ExchangeSession() }

    deinit { shared.end() }

    public func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        guard !request.mayArriveTwice else { return try await Self.exchange(request, over: shared) }
        let own = ExchangeSession()
        defer { own.end() }
        return try await Self.exchange(request, over: own)
    }

    private static func exchange(
        _ request: TransportRequest, over session: ExchangeSession
    ) async throws(TransportError) -> TransportResponse {
        // URLSession's own limit is between two packets, and not kept everywhere.
        let result = await withTaskGroup(of: Result<TransportResponse, TransportError>.self) { group in
            group.addTask { await collect(session.start(URLRequest(request))) }
            group.addTask {
                try? await Task.sleep(for: request.timeout)
                return .failure(TransportError(Task.isCancelled ? .cancelled : .timedOut, mayHaveArrived: true))
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failure(TransportError(.cancelled, mayHaveArrived: true))
        }
        return try result.get()
    }

    private static func collect(_ events: ExchangeEvents) async -> Result<TransportResponse, TransportError> {
        var head: HTTPURLResponse?
        var body = Data()
        do {
            for try await event in events {
                switch event {
                case .head(let response): head = response
                case .body(let part): body.append(part)
                }
                guard max(Int64(body.count), head?.expectedContentLength ?? 0) <= longestAnswer else {
                    return .failure(TransportError(.answerTooLong, mayHaveArrived: true))
                }
            }
        } catch {
            return .failure(TransportError(error))
        }
        guard !Task.isCancelled, let head else {
            return .failure(TransportError(Task.isCancelled ? .cancelled : .interrupted, mayHaveArrived: true))
        }
        return .success(TransportResponse(head, body: body))
    }
}

extension URLRequest {
    fileprivate init(_ request: TransportRequest) {
        self.init(url: request.url, cachePolicy: .reloadIgnoringLocalAndRemoteCacheData)
        httpMethod = request.method
        httpBody = request.body
        httpShouldHandleCookies = false
        for (name, value) in request.headers { setValue(value, forHTTPHeaderField: name) }
    }
}

extension TransportResponse {
    fileprivate init(_ response: HTTPURLResponse, body: Data) {
        let headers = response.allHeaderFields.compactMap { name, value in
            (name as? String).flatMap { name in (value as? String).map { (name, $0) } }
        }
        self.init(status: response.statusCode, headers: [String: String](headers) { first, _ in first }, body: body)
    }
}

extension TransportError {
    fileprivate init(_ error: any Error) {
        switch (error as? URLError)?.code {
        case .cannotFindHost, .dnsLookupFailed, .cannotConnectToHost, .notConnectedToInternet,
            .dataNotAllowed, .internationalRoamingOff, .callIsActive, .appTransportSecurityRequiresSecureConnection:
            self.init(.unreachable, mayHaveArrived: false)
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid, .clientCertificateRejected,
            .clientCertificateRequired:
            self.init(.untrusted, mayHaveArrived: false)
        case .timedOut: self.init(.timedOut, mayHaveArrived: true)
        case .cancelled: self.init(.cancelled, mayHaveArrived: true)
        default: self.init(.interrupted, mayHaveArrived: true)
        }
    }
}
