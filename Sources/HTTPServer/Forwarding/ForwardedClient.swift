/// Who sent a request, and how: the connection's other end, or who a trusted proxy says that it speaks for.
struct ForwardedClient: Sendable, Equatable {
    let peer: Peer
    let transport: Transport
}
