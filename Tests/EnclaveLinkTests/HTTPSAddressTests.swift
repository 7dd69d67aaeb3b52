import EnclaveLink
import Testing

@Suite struct HTTPSAddressTests {
    @Test(
        "an address is taken apart",
        arguments: [
            ("https://example.com", "example.com", 443, "/"), ("https://example.com/", "example.com", 443, "/"),
            ("https://example.com:8443/a/b?c=d", "example.com", 8443, "/a/b?c=d"),
            ("https://example.com?c=d", "example.com", 443, "/?c=d"),
            ("https://192.0.2.1/a", "192.0.2.1", 443, "/a"),
            ("https://[2001:db8::1]:8443/a", "2001:db8::1", 8443, "/a"),
            ("https://[2001:db8::1]", "2001:db8::1", 443, "/"),
        ] as [(String, String, UInt16, String)])
    func parts(_ text: String, _ host: String, _ port: UInt16, _ path: String) throws {
        let address = try #require(HTTPSAddress(text))
        #expect(address.destination == Destination(host: host, port: port))
        #expect(address.path == path)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "https://", "https:///a", "http://example.com/", "HTTPS://example.com/", "example.com",
            "https://user@example.com/", "https://example.com:443@evil.example/", "https://example.com:0/",
            "https://example.com:65536/", "https://example.com:/", "https://example.com:x/",
            "https://example.com\\.evil.example/", "https://exa mple.com/", "https://example.com/a b",
            "https://example.com/\"onload=", "https://example.com/<a>", "https://example.com/a\r\nHost: b",
            "https://münchen.de/", "https://example.com/ä", "https://example.com/#a", "https://[::1/",
            "https://[192.0.2.1]/", "https://::1/", "https://[::1]evil/", "https://a..b/",
            "https://example.com/" + String(repeating: "a", count: 2048),
        ])
    func others(_ text: String) { #expect(HTTPSAddress(text) == nil) }
}
