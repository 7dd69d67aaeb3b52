import Crypto
import EnclaveLink

/// The one secret that everything sealed hangs on: 32 random bytes that never leave the enclave.
///
/// swift-crypto keeps them in memory that it overwrites when the key is dropped. Unchecked because its
/// `SymmetricKey` is immutable but not marked `Sendable`.
public final class MasterKey: @unchecked Sendable {
    public static let length = 32
    private let secret: SymmetricKey

    /// Nil unless there are exactly 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        secret = SymmetricKey(data: bytes)
    }

    /// A key for one purpose (HKDF-SHA256, RFC 5869). The purpose and each part of the context are counted before
    /// they are joined, so that no two contexts give the same key.
    func deriveKey(
        _ purpose: String, context: [String] = [], salt: [UInt8] = [], length: Int = 32
    ) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: secret, salt: salt, info: CountedText.join([purpose] + context), outputByteCount: length)
    }
}

extension MasterKey: Redacted {
    public var description: String { "<master key>" }
}
