import AuditLog
import Crypto
import SealedPasscodes
import Storage

extension APIKeys {
    private static let hintLength = 8

    /// Registers a P-256 public key with which a back end stamps requests; nobody but the back end has the private half.
    /// `lifetime` is in days, 1…3650; nil for a key that does not expire.
    /// Throws `invalidSetting`; `keyRegistered` for a key that is or was registered anywhere.
    public func register(
        stamp: P256PublicKey, workspace: String, name: String, lifetime: Int? = nil,
        limits: KeyLimits = KeyLimits(), origin: RequestOrigin
    ) async throws(WorkspaceError) -> APIKey {
        let hint = String(stamp.compressedHexadecimal.suffix(Self.hintLength))
        let key = try newKey(
            .stamp, workspace: workspace, name: name, hint: hint, lifetime: lifetime, limits: limits)
        try await store(key, digest: Self.digest(of: stamp), origin: origin)
        return key
    }

    /// The caller behind a stamp whose signature holds. Throws `keyInvalid`, `keyRevoked`, `keyExpired`,
    /// `addressNotAllowed`.
    ///
    /// - Parameter address: the client's, without port.
    public func caller(
        stampedBy key: P256PublicKey, from address: String?
    ) async throws(FailedAuthentication) -> Caller {
        let caller = try await find(Self.digest(of: key), from: address, now: clock.now())
        await recordUse(of: caller)
        return caller
    }

    /// No secret key has the digest of a point: its text begins with its kind.
    private static func digest(of key: P256PublicKey) -> [UInt8] { Array(SHA256.hash(data: key.compressed)) }
}
