import NIOHTTP1

/// One method of one route. A reference, because every request passes it on.
final class Endpoint: Sendable {
    let method: HTTPMethod
    let pattern: RoutePattern
    let handler: Router.Handler

    init(method: HTTPMethod, pattern: RoutePattern, handler: @escaping Router.Handler) {
        self.method = method
        self.pattern = pattern
        self.handler = handler
    }
}

/// A place in the tree of routes. A literal part is tried before a parameter.
struct RouteNode: Sendable {
    private var literals: [String: RouteNode] = [:]
    private var parameter: [RouteNode] = []  // none or one: a struct cannot hold itself
    private(set) var endpoints: [Endpoint] = []

    mutating func insert(_ endpoint: Endpoint, below parts: ArraySlice<RoutePattern.Part>) throws(RouterError) {
        switch parts.first {
        case nil:
            if endpoints.contains(where: { $0.method == endpoint.method }) {
                throw .duplicate(endpoint.method, endpoint.pattern.text)
            }
            endpoints.append(endpoint)
        case .literal(let literal):
            var child = literals[literal] ?? RouteNode()
            try child.insert(endpoint, below: parts.dropFirst())
            literals[literal] = child
        case .parameter:
            var child = parameter.first ?? RouteNode()
            try child.insert(endpoint, below: parts.dropFirst())
            parameter = [child]
        }
    }

    /// The endpoints of this place and of all below it.
    var everyEndpoint: [Endpoint] { endpoints + (literals.values + parameter).flatMap(\.everyEndpoint) }

    /// The endpoints at a path, and the values on the way to them.
    func find(_ parts: ArraySlice<String>, values: [String] = []) -> (endpoints: [Endpoint], values: [String])? {
        guard let part = parts.first else { return endpoints.isEmpty ? nil : (endpoints, values) }
        if let found = literals[part]?.find(parts.dropFirst(), values: values) { return found }
        guard !part.isEmpty else { return nil }
        return parameter.first?.find(parts.dropFirst(), values: values + [part])
    }
}
