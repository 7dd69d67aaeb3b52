import Encodings
import Testing

@testable import HTTPServer

@Suite("Clients behind proxies")
struct TrustedProxiesTests {
    private let proxy = Peer.address(ip: "10.0.0.1", port: 4711)

    private func client(
        _ fields: TrustedProxies.Fields, _ headers: HeaderFields
    ) -> (peer: String, isEncrypted: Bool) {
        let proxies = TrustedProxies(
            addresses: ["10.0.0.0/8", "2001:db8::/32"].compactMap { AddressRange($0) }, fields: fields)
        let client = proxies.client(of: headers, from: proxy)
        return (client.peer.description, client.transport.isEncrypted)
    }

    @Test(
        "the last address that no trusted proxy has is the client's, however many the client made up before it",
        arguments: [
            ("192.0.2.7", "192.0.2.7:0"),
            ("198.51.100.1, 192.0.2.7", "192.0.2.7:0"),
            ("198.51.100.1, 192.0.2.7, 10.0.0.2, 10.9.9.9", "192.0.2.7:0"),
            ("192.0.2.7:8080", "192.0.2.7:8080"),
            ("2001:0DB9:0::7", "[2001:db9::7]:0"), ("[2001:db9::7]:443", "[2001:db9::7]:443"),
            ("::ffff:192.0.2.7", "192.0.2.7:0"),
            ("10.0.0.3", "10.0.0.3:0"),
            ("192.0.2.7, unknown", "10.0.0.1:4711"), ("192.0.2.7, 10.0.0.2, _hidden", "10.0.0.1:4711"),
            ("192.0.2.7, unknown, 10.0.0.2", "10.0.0.2:0"),
            ("192.0.2.0/24", "10.0.0.1:4711"), ("", "10.0.0.1:4711"), (",,", "10.0.0.1:4711"),
        ])
    func xForwarded(value: String, peer: String) {
        #expect(client(.xForwarded, ["X-Forwarded-For": value]).peer == peer)
    }

    @Test("fields that come several times are one list")
    func lines() {
        #expect(
            client(.xForwarded, ["X-Forwarded-For": "198.51.100.1", "x-forwarded-for": "192.0.2.7"]).peer
                == "192.0.2.7:0")
    }

    @Test(
        "the standard's field says the same",
        arguments: [
            ("for=192.0.2.7", "192.0.2.7:0", false),
            ("For=\"[2001:db9::7]:4711\";Proto=https;by=10.0.0.1", "[2001:db9::7]:4711", true),
            ("for=198.51.100.1;proto=https, for=192.0.2.7;proto=http", "192.0.2.7:0", false),
            ("for=192.0.2.7;proto=https, for=10.0.0.2;proto=http", "192.0.2.7:0", true),
            ("for=unknown", "10.0.0.1:4711", false), ("proto=https", "10.0.0.1:4711", false),
        ])
    func forwarded(value: String, peer: String, isEncrypted: Bool) {
        let found = client(.forwarded, ["Forwarded": value])
        #expect(found.peer == peer)
        #expect(found.isEncrypted == isEncrypted)
    }

    @Test("what the proxies do not set is the client's own word, and counts for nothing")
    func otherFields() {
        #expect(client(.xForwarded, ["Forwarded": "for=192.0.2.7"]).peer == "10.0.0.1:4711")
        #expect(client(.forwarded, ["X-Forwarded-For": "192.0.2.7"]).peer == "10.0.0.1:4711")
    }

    @Test(
        "X-Forwarded-Proto says whether the client came by HTTPS",
        arguments: [("https", true), ("HTTPS", true), ("http", false), ("https, http", false)])
    func scheme(value: String, isEncrypted: Bool) {
        let found = client(.xForwarded, ["X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": value])
        #expect(found.isEncrypted == isEncrypted)
    }
}

extension TrustedProxiesTests {
    @Test(
        "where there are proxies, others speak plain HTTP from this machine alone",
        arguments: [
            ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("192.0.2.7", false), ("2001:db9::7", false),
        ])
    func direct(ip: String, isAdmitted: Bool) {
        let proxies = TrustedProxies(addresses: ["10.0.0.0/8"].compactMap { AddressRange($0) })
        #expect(proxies.admitDirectly(.address(ip: ip, port: 1)) == isAdmitted)
        #expect(TrustedProxies().admitDirectly(.address(ip: ip, port: 1)))
        #expect(proxies.admitDirectly(.local(user: 1000)))
    }
}
