/// The version of the master key under which a blob is sealed that outlives a rotation. It begins the blob, in the clear:
/// one byte 3, then the version in 4 bytes, big-endian.
public enum SealedVersion {
    static let format: UInt8 = 3
    /// Bytes before what is sealed.
    public static let headLength = 5

    /// How a blob of that version begins.
    public static func head(_ version: UInt32) -> [UInt8] {
        [format] + withUnsafeBytes(of: version.bigEndian) { Array($0) }
    }

    /// Nil for what is no such blob.
    public static func number(of sealed: [UInt8]) -> UInt32? {
        guard sealed.count > headLength, sealed[0] == format else { return nil }
        return sealed[1..<headLength].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
