import JOSE
import Testing

@Suite struct Base64URLTests {
    @Test("the example of RFC 7515 appendix C encodes and decodes")
    func exampleOfAppendixC() throws {
        #expect(Base64URL.encode([3, 236, 255, 224, 193]) == "A-z_4ME")
        #expect(try Base64URL.decode("A-z_4ME") == [3, 236, 255, 224, 193])
    }

    @Test("every length and every byte survives the way there and back")
    func roundTrip() throws {
        for length in 0..<300 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
            let text = Base64URL.encode(bytes)
            #expect(text.utf8.count == Base64URL.encodedLength(of: length))
            #expect(try Base64URL.decode(text) == bytes)
        }
    }

    @Test(
        "padding, whitespace, plain base64 and impossible lengths are refused",
        arguments: ["Zg==", "Zg=", "Zm9v\n", " Zm9v", "Zm 9v", "a+b/", "A", "AAAAA", "Zm9vé", "Zm9\u{0}", "Zm9v."])
    func refusals(text: String) {
        #expect(throws: JOSEError.self) { try Base64URL.decode(text) }
    }

    @Test("of all texts of two characters only those whose trailing bits are zero decode")
    func trailingBits() {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        let accepted = alphabet.flatMap { first in
            alphabet.filter { (try? Base64URL.decode("\(first)\($0)")) != nil }
        }
        #expect(accepted.count == 256)
        #expect((try? Base64URL.decode("AAB")) == nil)
    }
}
