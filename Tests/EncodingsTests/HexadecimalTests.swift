import Encodings
import Testing

@Suite("Hexadecimal")
struct HexadecimalTests {
    @Test("bytes come back from their text, whatever the case of its digits")
    func roundTrip() {
        let bytes: [UInt8] = [0x00, 0x0F, 0xA5, 0xFF]
        #expect(Hexadecimal.encode(bytes) == "000fa5ff")
        #expect(Hexadecimal.decode("000fa5ff") == bytes)
        #expect(Hexadecimal.decode("000FA5Ff") == bytes)
        #expect(Hexadecimal.decode("") == [])
    }

    @Test("anything but pairs of digits is refused", arguments: ["0", "0g", "0x00", " 00", "٠٠", "00\n"])
    func refused(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }
}
