/// Reads the entries of a bundle one after the other, without copying them: each as its length, a big-endian uint16, then
/// its bytes.
struct EntryReader: IteratorProtocol {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether every byte has been read.
    var isAtEnd: Bool { position == bytes.count }

    /// The next entry; nil at the end, and where what is left is shorter than it says.
    mutating func next() -> ArraySlice<UInt8>? {
        guard bytes.count - position >= 2 else { return nil }
        let start = position + 2
        let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
        guard bytes.count - start >= length else { return nil }
        position = start + length
        return bytes[start..<position]
    }
}
