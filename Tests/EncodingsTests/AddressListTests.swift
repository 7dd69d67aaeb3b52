import Encodings
import Testing

@Suite("Address lists")
struct AddressListTests {
    @Test(
        "a list lets in what is on it, in whatever spelling, and nothing else",
        arguments: [
            ("192.0.2.77", true), ("192.0.3.1", false), ("198.51.100.7", true), ("198.51.100.8", false),
            ("::ffff:192.0.2.9", true), ("::ffff:198.51.100.8", false), ("2001:db8:0:1::5", true),
            ("2001:DB8:0:1:0:0:0:5", true), ("2001:db9::1", false), ("::1", false), (nil, false), ("", false),
            ("nonsense", false), ("192.0.2.77:443", false), ("192.0.2.0/24", false),
        ] as [(String?, Bool)])
    func admission(address: String?, isAdmitted: Bool) throws {
        let list = try #require(AddressList(texts: ["192.0.2.0/24", "198.51.100.7", "2001:db8::/32"]))
        #expect(list.admits(address) == isAdmitted)
    }

    @Test("an empty list is everywhere, the Unix socket too")
    func everywhere() {
        #expect(AddressList.everywhere.admits("203.0.113.1") && AddressList.everywhere.admits(nil))
    }

    @Test("an address of IPv4 that is mapped into IPv6 is the IPv4 address, on the list as well")
    func mapped() throws {
        let list = try #require(AddressList(texts: ["::ffff:192.0.2.7"]))
        #expect(list.texts == ["192.0.2.7"] && list.admits("192.0.2.7") && !list.admits("192.0.2.8"))
    }

    @Test("what is no address is no entry", arguments: ["", "example.com", "10.0.0.0/33", "10.0.0.1/8", "10/8", "*"])
    func wrong(text: String) { #expect(AddressList(texts: ["192.0.2.7", text]) == nil) }

    @Test("a list is stored as it is read")
    func stored() throws {
        let list = try #require(AddressList(texts: ["10.0.0.0/8", "2001:db8::7"]))
        #expect(list.description == "10.0.0.0/8 2001:db8::7" && AddressList(list.description) == list)
        #expect(AddressList("") == .everywhere)
    }
}
