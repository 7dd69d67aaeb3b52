import NIOHTTP1

/// Finds the handler for a method and a path.
///
/// `HEAD` is answered by the `GET` route without its body, and `OPTIONS` with the methods of the path, unless there
/// is a route of their own. A path with a `/` at its end is another path.
public struct Router: Sendable {
    /// Answers one request. It runs on the connection's event loop and must not block it; it may suspend. It is not
    /// cancelled when the client leaves, only when a shutdown's time is over.
    public typealias Handler = @Sendable (Request) async throws -> Response
    /// The same for an answer that was waited for: see `Response.later(after:atMost:by:answer:)`.
    public typealias Answer = @Sendable () async throws -> Response

    private var root = RouteNode()
    // Most paths have no parameter: one look-up instead of a walk.
    private var withoutParameters: [String: [Endpoint]] = [:]

    /// The answer to what no handler answers. Problem details (RFC 9457) unless set. A body that comes piece by piece is
    /// not sent.
    public var failure: RefusalAnswer = ProblemDetails.answer

    /// The answer to a path that no route has; `failure` unless set.
    public var notFound: RefusalAnswer?

    /// No routes.
    public init() {}

    /// Registers a handler.
    ///
    /// - Parameter pattern: the path, with parameters as `:name`: `/v1/keys/:id`.
    /// - Throws: `RouterError` for a pattern that is none, or is registered already.
    public mutating func on(_ method: HTTPMethod, _ pattern: String, _ handler: @escaping Handler) throws(RouterError) {
        let pattern = try RoutePattern(pattern)
        let endpoint = Endpoint(method: method, pattern: pattern, handler: handler)
        try root.insert(endpoint, below: pattern.parts[...])
        if pattern.parameterNames.isEmpty { withoutParameters[pattern.text, default: []].append(endpoint) }
    }

    /// The method and the pattern of each route, in no order.
    public var routes: [(method: HTTPMethod, pattern: String)] {
        root.everyEndpoint.map { ($0.method, $0.pattern.text) }
    }

    func match(_ method: HTTPMethod, _ path: String) -> RouteMatch {
        if let endpoints = withoutParameters[path] { return choose(method, endpoints, []) }
        if path == "*" { return .options(allowed: [.OPTIONS]) }
        guard let parts = Self.parts(path) else { return .malformed }
        guard let found = root.find(parts[...]) else { return .notFound }
        return choose(method, found.endpoints, found.values)
    }

    private func choose(_ method: HTTPMethod, _ endpoints: [Endpoint], _ values: [String]) -> RouteMatch {
        func endpoint(_ method: HTTPMethod) -> Endpoint? { endpoints.first { $0.method == method } }
        if let chosen = endpoint(method) ?? (method == .HEAD ? endpoint(.GET) : nil) {
            let names = chosen.pattern.parameterNames
            return .endpoint(chosen, names.isEmpty ? RouteParameters() : RouteParameters(names: names, values: values))
        }
        let allowed = Self.allowed(endpoints)
        return method == .OPTIONS ? .options(allowed: allowed) : .methodNotAllowed(allowed: allowed)
    }

    private static func allowed(_ endpoints: [Endpoint]) -> [HTTPMethod] {
        var methods = endpoints.map(\.method)
        if methods.contains(.GET) && !methods.contains(.HEAD) { methods.append(.HEAD) }
        if !methods.contains(.OPTIONS) { methods.append(.OPTIONS) }
        return methods
    }

    /// The parts between the slashes, decoded one by one, so that an encoded slash stays within its part.
    private static func parts(_ path: String) -> [String]? {
        guard path != "/" else { return [] }
        var parts: [String] = []
        for part in path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let decoded = PercentEncoding.decode(part) else { return nil }
            parts.append(decoded)
        }
        return parts
    }
}

/// What the routes say about a method and a path.
enum RouteMatch {
    case endpoint(Endpoint, RouteParameters)
    case options(allowed: [HTTPMethod])
    case methodNotAllowed(allowed: [HTTPMethod])
    case notFound
    case malformed
}
