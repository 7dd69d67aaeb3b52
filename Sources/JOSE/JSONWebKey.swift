import Crypto

/// A public key for signatures as a JSON Web Key (RFC 7517): RSA or P-256, checked when it is made.
public struct JSONWebKey: Sendable, Hashable {
    /// The key's numbers.
    public enum Material: Sendable, Hashable {
        /// An RSA key: both numbers big-endian without leading zero octets (RFC 7518 §6.3.1).
        case rsa(modulus: [UInt8], exponent: [UInt8])
        /// A point of P-256: both coordinates as 32 octets (RFC 7518 §6.2.1).
        case p256(x: [UInt8], y: [UInt8])
    }

    /// The smallest RSA modulus in bits (RFC 7518 §3.3).
    public static let minimumModulusBits = 2048
    /// The largest RSA modulus in bits; beyond it one verification costs too much.
    public static let maximumModulusBits = 8192

    /// The key's numbers.
    public let material: Material
    /// `kid`, or nil where the key has none.
    public let identifier: String?

    /// An RSA key from big-endian numbers; leading zero octets are dropped.
    /// - Throws: ``JOSEError`` with `keySizeNotAllowed` below 2048 or above 8192 bits, `weakKey` for a modulus that
    ///   can be factored (CVE-2017-15361), or `malformedKey` for an even
    ///   number, an exponent below 3 or one above 32 bits.
    public init(rsaModulus: [UInt8], exponent: [UInt8], identifier: String? = nil) throws(JOSEError) {
        let modulus = Array(rsaModulus.drop { $0 == 0 })
        let exponent = Array(exponent.drop { $0 == 0 })
        guard Self.minimumModulusBits...Self.maximumModulusBits ~= Self.bitLength(of: modulus) else {
            throw JOSEError(.keySizeNotAllowed)
        }
        guard let modulusEnd = modulus.last, modulusEnd % 2 == 1 else { throw JOSEError(.malformedKey) }
        guard !WeakModulus.isFromBrokenGenerator(modulus) else { throw JOSEError(.weakKey) }
        guard let exponentEnd = exponent.last, exponentEnd % 2 == 1, exponent.count <= 4, exponent != [1] else {
            throw JOSEError(.malformedKey)
        }
        material = .rsa(modulus: modulus, exponent: exponent)
        self.identifier = identifier
    }

    /// A P-256 key from its two coordinates, 32 octets each.
    /// - Throws: ``JOSEError`` with `malformedKey` where they are no point of the curve.
    public init(p256X x: [UInt8], y: [UInt8], identifier: String? = nil) throws(JOSEError) {
        guard x.count == 32, y.count == 32 else { throw JOSEError(.malformedKey) }
        guard (try? P256.Signing.PublicKey(rawRepresentation: x + y)) != nil else { throw JOSEError(.malformedKey) }
        material = .p256(x: x, y: y)
        self.identifier = identifier
    }

    /// A P-256 key from its uncompressed point, `04 ‖ x ‖ y` (SEC 1 §2.3.3).
    /// - Throws: ``JOSEError`` with `malformedKey` where it is no point of the curve.
    public init(p256Uncompressed point: [UInt8], identifier: String? = nil) throws(JOSEError) {
        guard point.count == 65, point[0] == 4 else { throw JOSEError(.malformedKey) }
        try self.init(p256X: Array(point[1..<33]), y: Array(point[33...]), identifier: identifier)
    }

    private init(material: Material, identifier: String?) {
        self.material = material
        self.identifier = identifier
    }

    /// The same key under another `kid`.
    public func identified(by identifier: String?) -> JSONWebKey {
        JSONWebKey(material: material, identifier: identifier)
    }

    /// The same key with its RFC 7638 thumbprint as `kid`.
    public func identifiedByThumbprint() -> JSONWebKey { identified(by: thumbprint) }

    /// The one algorithm that this key signs with: a key serves one purpose (RFC 8725 §3.1).
    public var algorithm: SignatureAlgorithm {
        switch material {
        case .rsa: .rs256
        case .p256: .es256
        }
    }

    /// The length in bits of a big-endian number without leading zero octets.
    static func bitLength(of number: [UInt8]) -> Int {
        guard let first = number.first else { return 0 }
        return number.count * 8 - first.leadingZeroBitCount
    }
}
