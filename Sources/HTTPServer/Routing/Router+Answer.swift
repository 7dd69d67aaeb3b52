import Logging
import NIOHTTP1

extension Router {
    /// Answers a request as a server does, without a socket: for tests of handlers and routes. Nothing is waited for: what
    /// is to be answered later is returned as it is.
    public func answer(_ request: Request) async -> Response {
        switch match(request.method, request.path) {
        case .endpoint(let endpoint, let parameters):
            let request = request.with(parameters)
            do {
                return try await endpoint.handler(request)
            } catch {
                return answer(
                    to: error, RefusedRequest(request), route: endpoint.pattern.text, logger: nil)
            }
        case let other:
            return answer(other, to: RefusedRequest(request))
        }
    }

    /// The answer where no handler is needed.
    func answer(_ match: RouteMatch, to request: RefusedRequest) -> Response {
        switch match {
        case .options(let allowed):
            return Response(status: .noContent, headers: ["Allow": Self.list(allowed)])
        case .methodNotAllowed(let allowed):
            return refuse(.methodNotAllowed(allowed: allowed), request)
        case .malformed:
            return refuse(.malformedMessage(.pathEncoding), request)
        case .notFound:
            return refuse(.notFound, request)
        case .endpoint:
            return refuse(.internalError, request)
        }
    }

    /// The answer that fits an error of a handler.
    func answer(to error: any Error, _ request: RefusedRequest, route: String, logger: Logger?) -> Response {
        switch error {
        case let error as RequestBodyError: return refuse(.body(error), request)
        case let error as RouteParameterError: return refuse(.parameter(name: error.name), request)
        default:
            logger?.error(
                "handler failed",
                metadata: [
                    "request_id": "\(request.identifier)", "route": "\(route)", "error": "\(error)",
                ])
            return refuse(.internalError, request)
        }
    }

    /// The answer to a refusal, with the fields that its status demands.
    func refuse(_ reason: RefusalReason, _ request: RefusedRequest) -> Response {
        let shape = reason == .notFound ? notFound ?? failure : failure
        var response = shape(reason, request)
        if !response.body.isAtOnce { response.body = .none }
        if case .methodNotAllowed(let allowed) = reason { response.headers["Allow"] = Self.list(allowed) }
        if reason == .upgradeRequired { response.headers["Sec-WebSocket-Version"] = WebSocketHandshake.version }
        if let seconds = reason.retryAfter, !response.headers.contains("Retry-After") {
            response.headers["Retry-After"] = String(seconds)
        }
        return response
    }

    private static func list(_ methods: [HTTPMethod]) -> String {
        methods.map(\.rawValue).joined(separator: ", ")
    }
}

extension Request {
    func with(_ parameters: RouteParameters) -> Request {
        Request(
            storage: Storage(
                method: method, target: storage.target, headers: headers, body: body, parameters: parameters,
                identifier: identifier, client: storage.client))
    }
}

extension RefusedRequest {
    init(_ request: Request) {
        self.init(
            identifier: request.identifier, method: request.method, path: request.path, headers: request.headers,
            peer: request.peer)
    }
}
