import Encodings
import Testing

@Suite("addresses of the public internet")
struct IPAddressTests {
    @Test(
        "an address of this machine, of a private network, the link, a group or documentation is not public",
        arguments: [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
            "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1",
            "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
            "239.255.255.255", "240.0.0.1", "255.255.255.255",
            "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::10.0.0.1", "64:ff9b::7f00:1",
            "64:ff9b:1::1", "100::1", "2001::1", "2001:1ff::1", "2001:db8::1", "2002:7f00:1::1", "2002:808:808::1",
            "3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1",
        ])
    func special(_ text: String) throws { #expect(try !#require(IPAddress(text)).isPublic) }

    @Test(
        "every other one is",
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255",
            "128.0.0.1", "169.253.255.255", "169.255.0.1", "172.15.255.255", "172.32.0.1", "192.0.1.1", "192.0.3.1",
            "192.167.255.255", "192.169.0.1", "198.17.255.255", "198.20.0.1", "223.255.255.255",
            "2000::1", "2001:200::1", "2001:4860:4860::8888", "2003::1", "2606:4700::1111", "2a00:1450::1", "3ffe::1",
            "64:ff9b::8.8.8.8",
        ])
    func others(_ text: String) throws { #expect(try #require(IPAddress(text)).isPublic) }

    @Test(
        "what is no address is none",
        arguments: ["", "localhost", "127.1", "0x7f.0.0.1", "1.2.3.4.5", "[::1]", "fe80::1%eth0", "256.1.1.1"])
    func noAddress(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test(
        "an IPv4 address that is mapped into IPv6 is the IPv4 address",
        arguments: [
            ("::ffff:192.0.2.7", "192.0.2.7"), ("::FFFF:c000:207", "192.0.2.7"), ("192.0.2.7", "192.0.2.7"),
            ("2001:DB8:0::1", "2001:db8::1"), ("::192.0.2.7", "::192.0.2.7"),
        ])
    func unmapped(_ text: String, _ one: String) throws {
        #expect(try #require(IPAddress(text)).unmapped.description == one)
    }

    @Test("this machine's own addresses are told from all others")
    func loopback() throws {
        for text in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            #expect(try #require(IPAddress(text)).isLoopback)
        }
        for text in ["128.0.0.1", "::", "::2", "::ffff:10.0.0.1", "7f00::1"] {
            #expect(try !#require(IPAddress(text)).isLoopback)
        }
    }
}

@Suite("names of hosts")
struct HostNameTests {
    @Test("a name is labels of ASCII letters, digits and hyphens, the last of which is no number")
    func names() {
        for text in ["localhost", "Login.example.com", "a-1.b", "1.example", "xn--bcher-kva.example"] {
            #expect(HostName.isName(text))
        }
        for text in [
            "", ".", "a.", ".a", "a..b", "-a", "a-", "*.example.com", "a b", "a:443", "https://a", "a,DNS:b",
            "bücher.example",
            "10.0.0.256", "1", "a.1", String(repeating: "a", count: 64),
        ] {
            #expect(!HostName.isName(text), "\(text)")
        }
    }
}
