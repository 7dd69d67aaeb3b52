import Encodings

/// Counts the keys of the persons of a workspace, from 1. No number is given twice.
struct KeyNumber: Hashable, Sendable {
    let value: UInt64

    /// Bytes that it takes in front of a sealed part and in the table `audit_person`: big-endian, so that they are in order.
    static let length = 8

    init(_ value: UInt64) { self.value = value }

    /// The number that these begin with, nil where they are too short.
    init?(startOf bytes: [UInt8]) {
        guard bytes.count >= Self.length else { return nil }
        value = UInt64(bigEndianBytes: bytes.prefix(Self.length))
    }

    var bytes: [UInt8] { value.bigEndianBytes }
}
