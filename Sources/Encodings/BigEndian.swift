extension FixedWidthInteger {
    /// Its bytes, the most significant one first.
    public var bigEndianBytes: [UInt8] { Swift.withUnsafeBytes(of: bigEndian) { Array($0) } }

    /// The number that bytes are, the most significant one first: no more of them than it has itself.
    public init(bigEndianBytes bytes: some Sequence<UInt8>) { self = bytes.reduce(0) { $0 << 8 | Self($1) } }
}
