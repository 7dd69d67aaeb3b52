import Encodings

@testable import HTTPServer

/// What proxies say of their clients: one field `name: value` in each line.
///
/// Promises: a client has an address that reads as itself, and without a field nobody but the proxy is the client.
enum ForwardingEntry {
    private static let proxy = Peer.address(ip: "10.0.0.1", port: 1)

    static func run(_ bytes: [UInt8]) throws {
        var headers = HeaderFields()
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts[0].isFieldName else { continue }
            headers.add(String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
        }
        for fields in TrustedProxies.Fields.allCases {
            let proxies = TrustedProxies(addresses: ["10.0.0.0/8"].compactMap { AddressRange($0) }, fields: fields)
            try check(proxies.client(of: headers, from: proxy))
            let silent = proxies.client(of: HeaderFields(), from: proxy)
            try promise(silent.peer == proxy && !silent.transport.isEncrypted, "a client out of nothing: \(silent)")
        }
    }

    private static func check(_ client: ForwardedClient) throws {
        guard case .address(let ip, let port) = client.peer else { throw BrokenPromise(description: "no address") }
        try promise(ForwardedAddress(ip[...])?.ip == ip, "\(ip) reads as another address")
        try promise((0...65_535).contains(port), "port \(port)")
    }
}
