/// What a phone network charges for a text.
public struct SegmentCount: Equatable, Sendable {
    public enum Encoding: String, Sendable {
        /// 160 septets in one message, 153 in each part of several.
        case gsm7 = "GSM-7"
        /// 70 units of 16 bits in one message, 67 in each part of several.
        case ucs2 = "UCS-2"
    }

    public let encoding: Encoding
    /// Septets or 16-bit units.
    public let units: Int
    /// At least one.
    public let segments: Int

    public init(of text: String) {
        let septets = text.unicodeScalars.map(GSM7.septets)
        let isGSM = !septets.contains(nil)
        encoding = isGSM ? .gsm7 : .ucs2
        let sizes = isGSM ? septets.compactMap { $0 } : text.unicodeScalars.map { UTF16.width($0) }
        units = sizes.reduce(0, +)
        segments = Self.segments(sizes, units: units, single: isGSM ? 160 : 70, part: isGSM ? 153 : 67)
    }

    /// A character of two units is never split between two parts (3GPP TS 23.040 §9.2.3.24.1).
    private static func segments(_ sizes: [Int], units: Int, single: Int, part: Int) -> Int {
        guard units > single else { return 1 }
        var segments = 1
        var room = part
        for size in sizes {
            if size > room {
                segments += 1
                room = part
            }
            room -= size
        }
        return segments
    }
}
