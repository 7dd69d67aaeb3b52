import NIOCore
import NIOHTTP1

/// One request, received whole and within the limits.
public struct Request: Sendable {
    // One reference instead of ten fields: a request is passed through several asynchronous calls.
    let storage: Storage

    final class Storage: Sendable {
        let method: HTTPMethod
        let target: RequestTarget
        let headers: HeaderFields
        let body: ByteBuffer
        let parameters: RouteParameters
        let identifier: RequestIdentifier
        let client: ForwardedClient

        init(
            method: HTTPMethod, target: RequestTarget, headers: HeaderFields, body: ByteBuffer,
            parameters: RouteParameters, identifier: RequestIdentifier, client: ForwardedClient
        ) {
            self.method = method
            self.target = target
            self.headers = headers
            self.body = body
            self.parameters = parameters
            self.identifier = identifier
            self.client = client
        }
    }

    /// The method; a `HEAD` request that a `GET` route answers is still `HEAD` here.
    public var method: HTTPMethod { storage.method }

    /// The path as it was sent, percent-encoded, without query.
    public var path: String { storage.target.path }

    /// The path with the query, as it was sent.
    public var pathAndQuery: String {
        let query = storage.target.query
        return query.isEmpty ? path : "\(path)?\(query)"
    }

    /// What follows `?` in the target.
    public var query: QueryParameters { QueryParameters(raw: storage.target.query) }

    /// The header fields.
    public var headers: HeaderFields { storage.headers }

    /// The body, empty where none was sent.
    public var body: ByteBuffer { storage.body }

    /// A copy of the body's bytes.
    public var bodyBytes: [UInt8] { Array(storage.body.readableBytesView) }

    /// The values of the route's parameters (`:id` in `/v1/keys/:id`), percent-decoded.
    public var parameters: RouteParameters { storage.parameters }

    /// The identifier on the answer and on every log line about this request.
    public var identifier: RequestIdentifier { storage.identifier }

    /// Who sits at the other end of the connection; behind a trusted proxy, who sits in front of it.
    public var peer: Peer { storage.client.peer }

    /// What protects the client's connection.
    public var transport: Transport { storage.client.transport }

    /// A request that did not come over a socket, to call a handler in a test.
    ///
    /// - Parameter target: path and query, such as `/v1/keys?limit=10`.
    public init(
        method: HTTPMethod, target: String, headers: HeaderFields = [:], body: ByteBuffer = ByteBuffer(),
        parameters: RouteParameters = RouteParameters(), identifier: RequestIdentifier = RequestIdentifier(),
        peer: Peer = .address(ip: "127.0.0.1", port: 0), transport: Transport = Transport()
    ) {
        storage = Storage(
            method: method, target: RequestTarget(originForm: target), headers: headers, body: body,
            parameters: parameters, identifier: identifier,
            client: ForwardedClient(peer: peer, transport: transport))
    }

    init(storage: Storage) {
        self.storage = storage
    }
}
