import Glibc
import Testing

@testable import EnclaveLink

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
}

@Suite("patterns of hosts")
struct HostPatternTests {
    @Test(
        "a name means itself, a star all below it",
        arguments: [
            ("hooks.example.com", "hooks.example.com", true), ("Hooks.Example.com", "hooks.EXAMPLE.com", true),
            ("example.com", "hooks.example.com", false), ("*.example.com", "hooks.example.com", true),
            ("*.example.com", "a.b.example.com", true), ("*.example.com", "example.com", false),
            ("*.example.com", "evilexample.com", false), ("10.0.0.1", "10.0.0.1", true), ("::1", "::1", true),
            ("example.com", "example.com.evil.example", false),
        ] as [(String, String, Bool)])
    func matches(_ pattern: String, _ host: String, _ isMatch: Bool) throws {
        #expect(try #require(HostPattern(pattern)).matches(host) == isMatch)
    }

    @Test(
        "anything else is no pattern",
        arguments: ["", "*", "*.", "*example.com", "a.*.com", "https://a", "a/b", "*.::1", "a b", "ä.example", "."])
    func others(_ text: String) { #expect(HostPattern(text) == nil) }

    @Test("no list means every host, an empty one none, and a private host needs no second entry")
    func reach() throws {
        let inner = try #require(HostPattern("hooks.internal"))
        let outer = try #require(HostPattern("*.example.com"))
        #expect(WebhookReach().includes("anything.example"))
        #expect(!WebhookReach(hosts: []).includes("anything.example"))
        let reach = WebhookReach(hosts: [outer], privateHosts: [inner])
        #expect(reach.includes("a.example.com") && !reach.mayBePrivate("a.example.com"))
        #expect(reach.includes("hooks.internal") && reach.mayBePrivate("HOOKS.internal"))
        #expect(!reach.includes("example.org"))
    }
}
