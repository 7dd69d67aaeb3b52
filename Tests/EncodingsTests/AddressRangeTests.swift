import Encodings
import Testing

@Suite("Address ranges")
struct AddressRangeTests {
    @Test(
        "a network has its addresses and no others",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false), ("10.1.2.128/25", "10.1.2.127", false), ("0.0.0.0/0", "1.2.3.4", true),
            ("0.0.0.0/0", "::1", false), ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false), ("::ffff:10.0.0.1", "10.0.0.1", true),
        ])
    func contains(range: String, address: String, isInside: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(address) == isInside)
    }

    @Test(
        "what is no network is refused, bits behind its length too",
        arguments: [
            "", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/08", "a/8", "10.0.0.0/8/8", "2001:db8::1/32",
        ])
    func refused(text: String) { #expect(AddressRange(text) == nil) }

    @Test(
        "the network of an address is its /24 or /64",
        arguments: [
            ("203.0.113.7", "203.0.113.0/24"), ("::ffff:203.0.113.7", "203.0.113.0/24"),
            ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ])
    func network(address: String, network: String) throws {
        #expect(AddressRange(networkOf: try #require(IPAddress(address))).description == network)
    }

    @Test("a network that nobody has for oneself is told from one that somebody may have")
    func wide() throws {
        for text in ["0.0.0.0/0", "128.0.0.0/1", "8.0.0.0/7", "::/0", "::/1", "2000::/3", "2600::/12", "2000::/15"] {
            #expect(try #require(AddressRange(text)).isWiderThanAnyNetwork, "\(text)")
        }
        for text in ["10.0.0.0/8", "172.16.0.0/12", "192.0.2.7", "fc00::/7", "fe80::/10", "2001:db8::/32", "::1"] {
            #expect(try !#require(AddressRange(text)).isWiderThanAnyNetwork, "\(text)")
        }
    }

    @Test("a range reads what it writes", arguments: ["10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "2001:db8::1"])
    func roundTrip(text: String) { #expect(AddressRange(text)?.description == text) }
}
