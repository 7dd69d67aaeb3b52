import FoundationEssentials
import Glibc
import HTTPServer
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// HTTPS to a server elsewhere, over connections that stay open from one request to the next.
struct AddressTransport: Transport {
    /// What stands behind the host in the address.
    let path: String
    private let text: String
    private let authority: String
    private let place: CommandConnection.Place
    private let patience: AnswerPatience
    private let idle = IdleConnections()

    /// Throws `CommandError` for an address that is none, or that a key must not travel to.
    ///
    /// - Parameters:
    ///   - option: where it was given.
    ///   - carriesKey: whether a key may go with a request; then plain HTTP is for loopback only.
    ///   - authorities: a PEM file of those who alone may vouch for the server; nil for the system's.
    init(
        address: String, option: String = "--server", carriesKey: Bool = true, authorities: String? = nil,
        patience: AnswerPatience = .usual
    ) throws {
        let loopback = ["127.0.0.1", "localhost", "::1"]
        guard let url = URL(string: address), let host = url.host?.filter({ $0 != "[" && $0 != "]" }), !host.isEmpty,
            url.scheme == "https" || url.scheme == "http"
        else {
            // It is not repeated, nor is it below: there may be a password.
            throw CommandError("\(option) must be an address such as https://login.example.com")
        }
        let isEncrypted = url.scheme == "https"
        guard isEncrypted || !carriesKey || loopback.contains(host) else {
            throw CommandError("a key must not travel unencrypted: use https:// for \(host)")
        }
        authority = (host.contains(":") ? "[\(host)]" : host) + (url.port.map { ":\($0)" } ?? "")
        try Self.check(url, option, authority: authority, takesPath: !carriesKey)
        let trust: TLSTrust?
        do { trust = isEncrypted ? try TLSTrust(authorities: authorities) : nil } catch {
            throw CommandError("\(AuthorityOption.name): \(error)")
        }
        text = address
        path = url.path
        place = .address(host: host, port: url.port ?? (isEncrypted ? 443 : 80), trust: trust)
        self.patience = patience
    }

    /// Refuses what nobody would read, and says how the address is written.
    private static func check(
        _ url: URL, _ option: String, authority: String, takesPath: Bool
    ) throws(CommandError) {
        let usual = "\(url.scheme ?? "https")://\(authority)"
        guard url.user == nil, url.password == nil else {
            throw CommandError(
                "\(option) takes no user and no password: write \(usual), and set \(CommandKey.variable) to a key")
        }
        guard takesPath || (["", "/"].contains(url.path) && url.query == nil && url.fragment == nil) else {
            throw CommandError("\(option) is the server's address without a path: write \(usual)")
        }
    }

    func send(_ request: CommandRequest, _ take: (@Sendable (Data) -> Void)?) async throws -> CommandResponse {
        do {
            if let connection = idle.take() {
                do { return try await send(request, on: connection, take) } catch let end as ConnectionEnded {
                    // The server may have closed a kept connection at any moment; what changes something is not sent twice.
                    guard request.method == "GET", !end.beganAnswer else { throw end }
                }
            }
            return try await send(request, on: try await CommandConnection(to: place, patience: patience), take)
        } catch let fault as AnswerFault {
            throw CommandError("\(text) \(fault)")
        } catch {
            throw CommandError("\(text) \(Self.reason(error))")
        }
    }

    private func send(
        _ request: CommandRequest, on connection: CommandConnection, _ take: (@Sendable (Data) -> Void)?
    ) async throws -> CommandResponse {
        let answer = try await connection.send(request, to: authority, take)
        idle.keep(connection)
        return answer
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case TLSFault.untrusted(let reason):
            "shows a certificate that is not believed: \(reason). If an authority of your own vouches for it, name its "
                + "PEM file with \(AuthorityOption.name) FILE, or in \(AuthorityOption.variable)."
        case TLSFault.plainHTTP: "does not speak HTTPS there"
        case let fault as TLSFault: "does not agree on TLS: \(fault)"
        case let error as NIOConnectionError where error.connectionErrors.isEmpty:
            "does not answer: its name is not known"
        case let error as NIOConnectionError:
            "does not answer: \(error.connectionErrors.first.map { reason($0.error) } ?? "")"
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case ChannelError.connectTimeout(let time): "no connection in \(time.nanoseconds / 1_000_000_000) s"
        case is HTTPParserError: "answered what is no HTTP, or not the whole of it"
        case is ConnectionEnded: "closed the connection before its answer was whole"
        default: "does not answer: \(error)"
        }
    }
}

/// Connections that nobody uses now.
private final class IdleConnections: Sendable {
    /// Connections to one server that are kept.
    private static let capacity = 4

    private let connections = Mutex<[CommandConnection]>([])

    deinit { for connection in connections.withLock({ $0 }) { connection.close() } }

    func take() -> CommandConnection? {
        connections.withLock { connections in
            connections.removeAll { !$0.isOpen }
            return connections.popLast()
        }
    }

    func keep(_ connection: CommandConnection) {
        let isKept = connections.withLock { connections in
            guard connection.isOpen, connections.count < Self.capacity else { return false }
            connections.append(connection)
            return true
        }
        if !isKept { connection.close() }
    }
}
