import Foundation

internal import Encodings
internal import SealedPasscodes

/// A P-256 public key: one that a client pins, or a client's own.
public struct PublicKey: Hashable, Sendable {
    let point: P256PublicKey

    init(_ point: P256PublicKey) { self.point = point }

    /// Reads 130 hexadecimal digits (`04…`), as `countersign init` prints the enclave's key, or the 66 of the compressed
    /// form.
    /// - Throws: `invalidKey`.
    public init(_ hexadecimal: String) throws(CountersignError) {
        guard let bytes = Hexadecimal.decode(hexadecimal), let point = try? P256PublicKey(point: bytes) else {
            throw .invalidKey("A public key is a point of P-256 as 130 or 66 hexadecimal digits.")
        }
        self.point = point
    }

    /// 130 lower-case hexadecimal digits, `04…`.
    public var hexadecimal: String { point.uncompressedHexadecimal }
    /// 66 lower-case hexadecimal digits.
    public var compressedHexadecimal: String { point.compressedHexadecimal }
    /// The SHA-256 thumbprint of RFC 7638, which binds tokens to a key (RFC 9449 §6.1).
    public var thumbprint: String { point.thumbprint }
}

extension PublicKey: CustomStringConvertible {
    public var description: String { hexadecimal }
}

extension PublicKey: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hexadecimal)
    }
}
