/// A text in which `*` stands for any number of any characters, as far as they lead nowhere else (``StarredPart``).
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
        return !StarredPart.climbs(bytes) && hasMiddle(bytes[first.count..<(bytes.count - last.count)], of: bytes)
    }

    /// Whether the pieces in the middle stand in `middle` in their order: the first place is always good enough.
    private func hasMiddle(_ middle: ArraySlice<UInt8>, of bytes: [UInt8]) -> Bool {
        var rest = middle
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let place = rest.firstRange(of: piece) else { return false }
            guard !StarredPart(of: bytes, at: rest.startIndex..<place.lowerBound).leadsElsewhere else { return false }
            rest = rest[place.upperBound...]
        }
        return !StarredPart(of: bytes, at: rest.startIndex..<rest.endIndex).leadsElsewhere
    }
}
