import NIOCore
import NIOHTTP1

/// A request that is arriving.
struct ArrivingRequest {
    let head: RequestHead
    let identifier: RequestIdentifier
    var body = ByteBuffer()
}

/// A request that is refused as soon as those before it are answered.
struct RefusedInput {
    let reason: RefusalReason
    var method: HTTPMethod?
    var path: String?
    var headers = HeaderFields()
}

extension RefusedInput {
    /// - Parameter head: of the request that is arriving; nil where none is.
    init(reason: RefusalReason, _ head: RequestHead?) {
        self.init(reason: reason, method: head?.method, path: head?.target.path)
        if let head { headers = HeaderFields(wrapping: head.headers) }
    }
}

/// A request that is being answered: what its answer depends on.
struct Exchange {
    let identifier: RequestIdentifier
    /// Nothing where the request line could not be read.
    let method: HTTPMethod?
    let client: ForwardedClient
    /// The route's pattern, for the log: a path may hold what must not be logged.
    var route = Exchange.noRoute
    /// Whether the client can read a body in chunks (HTTP/1.1).
    var acceptsChunks = true
    var isKeptAlive = false
    /// The path, for the form that a refusal takes.
    var path: String?
    /// The client's place among those who wait, for its answer or for more of it.
    var place: WaitingPlace?
    /// The header of a request that asks for another protocol.
    var upgrade: HeaderFields?
    /// When the request was there whole; nil for one that was refused before.
    var start: NIODeadline?
    /// Only read where it will be logged.
    var trace: TraceContext?

    /// In the place of a pattern where no route matched.
    static let noRoute = "none"
}
