/// The entries of one tile as tlog-tiles serves them: each as its length, a big-endian uint16, then its bytes.
public struct EntryBundle: Sendable {
    /// No entry is longer.
    public static let maximumEntryLength = Int(UInt16.max)
    /// No bundle is longer.
    public static let maximumLength = TilePath.fullWidth * (2 + maximumEntryLength)

    /// The bundle as it is served.
    public private(set) var bytes: [UInt8]
    private var ranges: [Range<Int>] = []

    /// A bundle without entries, which is never served.
    public init() { bytes = [] }

    /// The bundle of these entries.
    /// - Throws: ``LogError`` with `badBundle` for one of more than 65,535 bytes, or more than 256 of them.
    public init(_ entries: some Sequence<[UInt8]>) throws(LogError) {
        self.init()
        for entry in entries { try append(entry) }
    }

    /// Reads a bundle of exactly `count` entries.
    /// - Throws: ``LogError`` with `badBundle` where it ends early or late, or for more than 256.
    public init(decoding bytes: [UInt8], count: Int) throws(LogError) {
        guard (0...TilePath.fullWidth).contains(count) else { throw Self.malformed() }
        self.bytes = bytes
        ranges.reserveCapacity(count)
        var reader = EntryReader(bytes)
        for _ in 0..<count {
            guard let entry = reader.next() else { throw Self.malformed() }
            ranges.append(entry.indices)
        }
        guard reader.isAtEnd else { throw Self.malformed() }
    }

    private static func malformed() -> LogError { LogError(.badBundle, "The entries do not fill their bundle.") }

    /// Appends an entry.
    /// - Throws: ``LogError`` with `badBundle` for one of more than 65,535 bytes, or the 257th.
    public mutating func append(_ entry: [UInt8]) throws(LogError) {
        guard let length = UInt16(exactly: entry.count), count < TilePath.fullWidth else {
            throw LogError(.badBundle, "A bundle has up to 256 entries of up to 65,535 bytes.")
        }
        bytes.append(UInt8(length >> 8))
        bytes.append(UInt8(truncatingIfNeeded: length))
        ranges.append(bytes.count..<(bytes.count + entry.count))
        bytes.append(contentsOf: entry)
    }
}

extension EntryBundle: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { ranges.count }
    /// The bytes of an entry, which stay in the bundle's own memory.
    public subscript(position: Int) -> ArraySlice<UInt8> { bytes[ranges[position]] }
}
