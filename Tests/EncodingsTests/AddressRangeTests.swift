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

    @Test("a range reads what it writes", arguments: ["10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "2001:db8::1"])
    func roundTrip(text: String) { #expect(AddressRange(text)?.description == text) }
}
