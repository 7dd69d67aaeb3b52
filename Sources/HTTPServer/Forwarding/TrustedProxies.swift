import Encodings
import NIOCore

/// The proxies that may stand in front of the server, and how they tell who the client is.
public struct TrustedProxies: Sendable, Equatable {
    /// Which fields the proxies set. The others are the client's own words, and say nothing.
    public enum Fields: String, Sendable, CaseIterable {
        /// `X-Forwarded-For` and `X-Forwarded-Proto`, as nginx, Caddy and HAProxy write them.
        case xForwarded = "x-forwarded"
        /// `Forwarded` (RFC 7239).
        case forwarded
    }

    /// Their addresses; empty where no proxy is trusted.
    public var addresses: [AddressRange]
    public var fields: Fields

    public init(addresses: [AddressRange] = [], fields: Fields = .xForwarded) {
        self.addresses = addresses
        self.fields = fields
    }

    /// Whether the other end of a connection is one of them.
    func contain(_ peer: Peer) -> Bool {
        guard !addresses.isEmpty, case .address(let ip, _) = peer else { return false }
        return contain(ip)
    }

    private func contain(_ ip: String) -> Bool { addresses.contains { $0.contains(ip) } }

    /// The client of a request that came from one of the proxies: of those who handed it on, the last whom nobody trusts
    /// to tell of others. A hop that is no address says nothing, and neither do those before it.
    func client(of headers: HeaderFields, from proxy: Peer) -> ForwardedClient {
        let hops = hops(headers)
        var client = proxy
        var isEncrypted = false
        for hop in hops.reversed() {
            guard let address = hop.address else { break }
            client = address.peer
            isEncrypted = hop.isEncrypted
            guard contain(address.ip) else { break }
        }
        // A certificate that the proxy itself showed is not the client's.
        return ForwardedClient(peer: client, transport: Transport(isEncrypted: isEncrypted))
    }

    /// Whether somebody who is no proxy may speak plain HTTP: only where there are no proxies, or from this machine.
    func admitDirectly(_ peer: Peer) -> Bool {
        guard !addresses.isEmpty, case .address(let ip, _) = peer else { return true }
        return Self.loopback.contains { $0.contains(ip) }
    }

    private static let loopback = ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) }

    private static let words = "This port takes requests from its proxies only.\n"

    /// What others are told.
    static let refusal = ByteBuffer(
        string: """
            HTTP/1.1 403 Forbidden\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: \(words.utf8.count)\r
            Connection: close\r
            \r
            \(words)
            """)

    private func hops(_ headers: HeaderFields) -> [ForwardedHop] {
        switch fields {
        case .xForwarded: ForwardedHop.xForwarded(headers)
        case .forwarded: ForwardedHop.forwarded(headers)
        }
    }
}
