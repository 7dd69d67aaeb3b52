import ArgumentParser

/// A host and a port, such as `127.0.0.1:3000` or `[::1]:3000`.
struct ListenAddress: Equatable, Sendable, ExpressibleByArgument {
    var host: String
    var port: Int

    static let usual = ListenAddress(host: "127.0.0.1", port: 3000)

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: port)
    }

    /// As it stands in a URL.
    var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    var isLoopback: Bool {
        host == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.allSatisfy { $0 == "." || ("0"..."9").contains($0) }
    }

    /// The addresses that clients write for this listener, the usual one first.
    ///
    /// - Parameter scheme: `http` or `https`.
    func urls(_ scheme: String) -> [String] {
        let others =
            switch host {
            case "127.0.0.1", "::1": ["localhost"]
            case "localhost": ["127.0.0.1", "::1"]
            default: [String]()
            }
        let addresses = [self] + others.map { ListenAddress(host: $0, port: port) }
        // Clients leave the usual port out (RFC 3986 §6.2.3).
        return addresses.flatMap { address in
            let url = "\(scheme)://\(address.text)"
            let usual = scheme == "https" ? 443 : 80
            return port == usual ? [url, String(url.dropLast(":\(usual)".count))] : [url]
        }
    }
}
