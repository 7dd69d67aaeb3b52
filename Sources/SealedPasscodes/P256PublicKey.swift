import Crypto
import Encodings
import JOSE

/// A public key over P-256 in the spellings of sealed passcodes: hexadecimal points (SEC 1 §2.3.3) and signatures as
/// DER or as r‖s.
public struct P256PublicKey: Hashable, Sendable {
    private let point: CurvePoint

    /// `04 ‖ x ‖ y`, 65 bytes: always a point of the curve.
    public var uncompressed: [UInt8] { point.uncompressed }
    /// `02` or `03` ‖ x, 33 bytes.
    public var compressed: [UInt8] { point.compressed }

    /// - Throws: `malformedPoint` unless `point` is 33 or 65 bytes long and a point of the curve.
    public init(point: [UInt8]) throws(SealedPasscodeError) {
        switch (point.count, point.first) {
        case (65, 4): try self.init(uncompressed: point)
        case (33, 2), (33, 3): try self.init(compressed: point)
        default: throw SealedPasscodeError(.malformedPoint)
        }
    }

    private init(uncompressed: [UInt8]) throws(SealedPasscodeError) {
        if let known = RecentPoints.shared.find(CurvePoint.compress(uncompressed)), known.uncompressed == uncompressed {
            point = known
            return
        }
        guard let read = CurvePoint(uncompressed: uncompressed) else { throw SealedPasscodeError(.malformedPoint) }
        point = read
    }

    private init(compressed: [UInt8]) throws(SealedPasscodeError) {
        if let known = RecentPoints.shared.find(compressed) {
            point = known
            return
        }
        guard let read = CurvePoint(compressed: compressed) else { throw SealedPasscodeError(.malformedPoint) }
        RecentPoints.shared.remember(read)
        point = read
    }

    public static func == (one: Self, other: Self) -> Bool { one.compressed == other.compressed }

    public func hash(into hasher: inout Hasher) { hasher.combine(compressed) }

    /// Reads 66 hexadecimal digits.
    /// - Throws: `malformedPoint`; `uncompressedPoint` for the 130 digits of the other spelling.
    public init(compressedHexadecimal text: String) throws(SealedPasscodeError) {
        guard let point = Hexadecimal.decode(text) else { throw SealedPasscodeError(.malformedPoint) }
        if point.count == 65, point.first == 4 { throw SealedPasscodeError(.uncompressedPoint) }
        guard point.count == 33 else { throw SealedPasscodeError(.malformedPoint) }
        try self.init(point: point)
    }

    /// Reads 130 hexadecimal digits.
    /// - Throws: `malformedPoint`; `compressedPoint` for the 66 digits of the other spelling.
    public init(uncompressedHexadecimal text: String) throws(SealedPasscodeError) {
        guard let point = Hexadecimal.decode(text) else { throw SealedPasscodeError(.malformedPoint) }
        if point.count == 33 { throw SealedPasscodeError(.compressedPoint) }
        guard point.count == 65 else { throw SealedPasscodeError(.malformedPoint) }
        try self.init(point: point)
    }

    /// - Throws: `malformedPoint` for an RSA key.
    public init(_ key: JSONWebKey) throws(SealedPasscodeError) {
        guard case .p256(let x, let y) = key.material else { throw SealedPasscodeError(.malformedPoint) }
        try self.init(point: [4] + x + y)
    }

    /// The public half of a key that this process holds.
    public init(_ key: P256.Signing.PublicKey) { point = CurvePoint(key) }
    public init(_ key: P256.KeyAgreement.PublicKey) throws(SealedPasscodeError) {
        try self.init(uncompressed: Array(key.x963Representation))
    }

    /// 130 lower-case hexadecimal digits, `04…`.
    public var uncompressedHexadecimal: String { Hexadecimal.encode(uncompressed) }
    /// 66 lower-case hexadecimal digits, `02…` or `03…`.
    public var compressedHexadecimal: String { Hexadecimal.encode(compressed) }

    /// The key as a JWK in JSON (RFC 7518 §6.2.1), with nothing but its numbers.
    public var jsonWebKey: String {
        let (x, y) = (Base64URL.encode(uncompressed[1..<33]), Base64URL.encode(uncompressed[33...]))
        return #"{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)"}"#
    }

    /// The SHA-256 thumbprint of RFC 7638, which is the `jkt` of RFC 9449 §6.1.
    public var thumbprint: String { (try? JSONWebKey(p256Uncompressed: uncompressed).thumbprint) ?? "" }

    /// Whether a DER signature (ECDSA with SHA-256, SEC 1 §C.8; high-S accepted) is this key's over `message`.
    public func isValidSignature(der signature: [UInt8], for message: [UInt8]) -> Bool {
        guard let parsed = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
        return point.isValidSignature(parsed, for: message)
    }

    /// Whether r‖s in exactly 64 bytes (ECDSA with SHA-256; high-S accepted) is this key's over `message`.
    public func isValidSignature(raw signature: [UInt8], for message: [UInt8]) -> Bool {
        guard signature.count == 64, let parsed = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else {
            return false
        }
        return point.isValidSignature(parsed, for: message)
    }
}
