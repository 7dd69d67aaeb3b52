/// A text in which `*` stands for any number of any characters, control characters excepted.
///
/// A text with `..` between slashes matches no wildcard: `/data/*` is not meant for `/data/../etc/passwd`. Without a `*`
/// it matches itself only, byte by byte.
struct Wildcard: Sendable, Equatable {
    let text: String
    /// The pieces between the stars.
    private let pieces: [[UInt8]]

    init(_ text: String) {
        self.text = text
        pieces = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    static func == (one: Self, other: Self) -> Bool { one.pieces == other.pieces }

    func matches(_ candidate: String) -> Bool {
        let bytes = Array(candidate.utf8)
        guard let first = pieces.first, let last = pieces.last else { return false }
        guard pieces.count > 1 else { return bytes == first }
        guard bytes.count >= first.count + last.count, bytes.starts(with: first), bytes.suffix(last.count) == last[...]
        else { return false }
        return !Self.climbs(bytes) && hasMiddle(bytes[first.count..<(bytes.count - last.count)])
    }

    /// Whether the pieces in the middle stand in `bytes` in their order: the first place is always good enough.
    private func hasMiddle(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let place = rest.firstRange(of: piece), Self.isShown(rest[..<place.lowerBound]) else { return false }
            rest = rest[place.upperBound...]
        }
        return Self.isShown(rest)
    }

    private static func isShown(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }

    private static func climbs(_ bytes: [UInt8]) -> Bool {
        bytes.split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") })
            .contains { $0.elementsEqual("..".utf8) }
    }
}
