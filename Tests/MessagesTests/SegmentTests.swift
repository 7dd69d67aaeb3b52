import Messages
import Testing

@Suite struct SegmentTests {
    @Test(
        "a text is counted as phone networks count it",
        arguments: [
            ("", .gsm7, 0, 1), (String(repeating: "a", count: 160), .gsm7, 160, 1),
            (String(repeating: "a", count: 161), .gsm7, 161, 2), (String(repeating: "a", count: 306), .gsm7, 306, 2),
            (String(repeating: "a", count: 307), .gsm7, 307, 3), ("€", .gsm7, 2, 1),
            (String(repeating: "€", count: 80), .gsm7, 160, 1), ("{}[]~\\^|", .gsm7, 16, 1),
            (String(repeating: "я", count: 70), .ucs2, 70, 1), (String(repeating: "я", count: 71), .ucs2, 71, 2),
            (String(repeating: "я", count: 134), .ucs2, 134, 2), (String(repeating: "я", count: 135), .ucs2, 135, 3),
            ("`", .ucs2, 1, 1), ("ó", .ucs2, 1, 1), ("ç", .ucs2, 1, 1), ("Ç", .gsm7, 1, 1), ("🏦", .ucs2, 2, 1),
        ] as [(String, SegmentCount.Encoding, Int, Int)])
    func counts(_ text: String, _ encoding: SegmentCount.Encoding, _ units: Int, _ segments: Int) {
        let count = SegmentCount(of: text)
        #expect(count.encoding == encoding)
        #expect(count.units == units)
        #expect(count.segments == segments)
    }

    @Test("a character of two units is never split between two parts")
    func unsplit() {
        // 153 septets leave one free at the end of each part, where the euro sign's escape would stand alone.
        #expect(SegmentCount(of: String(repeating: "€", count: 153)).segments == 3)
        #expect(SegmentCount(of: String(repeating: "🏦", count: 67)).segments == 3)
    }
}
