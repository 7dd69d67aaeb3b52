import Crypto

/// A point of P-256 that was checked once, with all that is computed from it.
///
/// Unchecked because swift-crypto's keys are never changed here, but not marked `Sendable`.
final class CurvePoint: @unchecked Sendable {
    /// `04 ‖ x ‖ y`, 65 bytes.
    let uncompressed: [UInt8]
    /// `02` or `03` ‖ x, 33 bytes.
    let compressed: [UInt8]
    private let key: P256.Signing.PublicKey

    init(_ key: P256.Signing.PublicKey) {
        self.key = key
        uncompressed = Array(key.x963Representation)
        compressed = Self.compress(uncompressed)
    }

    /// Nil where the 65 bytes are no point of the curve.
    convenience init?(uncompressed point: [UInt8]) {
        guard let key = try? P256.Signing.PublicKey(x963Representation: point) else { return nil }
        self.init(key)
    }

    /// Nil where the 33 bytes are no point of the curve.
    convenience init?(compressed point: [UInt8]) {
        guard let key = try? P256.Signing.PublicKey(compressedRepresentation: point) else { return nil }
        self.init(key)
    }

    func isValidSignature(_ signature: P256.Signing.ECDSASignature, for message: [UInt8]) -> Bool {
        key.isValidSignature(signature, for: SHA256.hash(data: message))
    }

    /// 02 for an even y, 03 for an odd one (SEC 1 §2.3.3).
    static func compress(_ uncompressed: [UInt8]) -> [UInt8] { [2 | uncompressed[64] & 1] + uncompressed[1..<33] }
}
