import Crypto
import EnclaveLink

/// The one secret that everything sealed hangs on: 32 random bytes that never leave the enclave.
///
/// swift-crypto keeps them in memory that it overwrites when the key is dropped. Unchecked because its
/// `SymmetricKey` is immutable but not marked `Sendable`.
public final class MasterKey: @unchecked Sendable {
    public static let length = 32
    /// HKDF's first step, done once (RFC 5869 §2.2).
    private let extracted: SymmetricKey

    /// Nil unless there are exactly 32 bytes.
    public convenience init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.init(SymmetricKey(data: bytes))
    }

    private init(_ key: SymmetricKey) {
        extracted = SymmetricKey(data: HKDF<SHA256>.extract(inputKeyMaterial: key, salt: Self.salt))
    }

    /// The master key of one life of the process. It needs `secret` too, which is written down nowhere: when the
    /// process has ended, this key cannot be made again, whoever has the master key.
    func boundToBoot(by secret: [UInt8]) -> MasterKey { MasterKey(deriveKey("boot", unique: secret)) }

    /// A key for one purpose: HKDF-SHA256's second step for 32 bytes, which is one HMAC (RFC 5869 §2.3), at a third
    /// of the time that swift-crypto's general `HKDF.expand` takes.
    /// - Parameters:
    ///   - context: what the key is for besides its purpose. All texts are counted before they are joined, so that no
    ///     two contexts give the same key.
    ///   - unique: random bytes for a key that is used once. They stand in HKDF's info and not in its salt, because
    ///     the master key is uniformly random already and the first step then need not be repeated.
    func deriveKey(_ purpose: String, context: [String] = [], unique: [UInt8] = []) -> SymmetricKey {
        var information = CountedText.join([purpose] + context)
        information.append(contentsOf: unique)
        information.append(1)
        return SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: information, using: extracted))
    }

    private static let salt = Array("countersign master key 1".utf8)
}

extension MasterKey: Redacted {
    public var description: String { "<master key>" }
}
