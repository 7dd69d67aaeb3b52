import Testing
import Workspaces

@Suite("Secret keys")
struct SecretKeyTests {
    private func fresh(_ kind: KeyKind) throws -> SecretKey {
        var generator = SystemRandomNumberGenerator()
        return try #require(SecretKey(kind: kind, using: &generator))
    }

    @Test("a fresh key is read back with its prefix", arguments: KeyKind.allCases.filter { $0.prefix != nil })
    func roundTrip(kind: KeyKind) throws {
        let key = try fresh(kind)
        let read = try #require(SecretKey(key.text))
        #expect(read.prefix == kind.prefix && read.digest == key.digest)
        #expect(key.text.hasPrefix(try #require(kind.prefix)))
    }

    @Test("a stamp key has no text: none is made, and no text is read as one")
    func stampKeysHaveNoText() throws {
        var generator = SystemRandomNumberGenerator()
        #expect(SecretKey(kind: .stamp, using: &generator) == nil)
        let known = try fresh(.live).text
        for text in [String(known.dropFirst("sk_live_".count)), "02" + String(repeating: "ab", count: 32)] {
            #expect(SecretKey(text) == nil)
        }
    }

    @Test("a typo in any character is noticed")
    func typos() throws {
        let text = Array(try fresh(.live).text)
        for position in "sk_live_".count..<text.count {
            var changed = text
            changed[position] = changed[position] == "a" ? "b" : "a"
            #expect(SecretKey(String(changed)) == nil, "position \(position)")
        }
    }

    @Test("a key of one kind cannot be passed off as another's")
    func kindIsSigned() throws {
        let text = try fresh(.test).text
        #expect(SecretKey("sk_live_" + text.dropFirst("sk_test_".count)) == nil)
    }

    @Test("what is no key is refused", arguments: ["", "sk_live_", "sk_live_abc", "Bearer x", "sk_prod_aaaaaaaa"])
    func noKey(text: String) { #expect(SecretKey(text) == nil) }

    @Test("a description, a debugger and a mirror's name show no key")
    func redacted() throws {
        let key = try fresh(.live)
        var dumped = ""
        dump(key, to: &dumped)
        dump(PresentedKey(text: key.text, fromBrowser: false, address: nil), to: &dumped)
        #expect(!"\(key)".contains(key.text) && !String(reflecting: key).contains(key.text))
        #expect(!dumped.contains(key.text))
        #expect(!key.hint.contains(key.text.dropFirst(12)))
    }
}
