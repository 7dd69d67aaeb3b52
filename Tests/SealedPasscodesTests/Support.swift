import Crypto
import Encodings
import JOSE
import SealedPasscodes

/// A signer's or client's key of a test.
struct TestKey {
    let privateKey = P256.Signing.PrivateKey()

    var publicKey: P256PublicKey {
        get throws { try P256PublicKey(point: Array(privateKey.publicKey.x963Representation)) }
    }

    func raw(_ message: [UInt8]) throws -> [UInt8] { Array(try signature(message).rawRepresentation) }
    func der(_ message: [UInt8]) throws -> [UInt8] { Array(try signature(message).derRepresentation) }

    /// A compact signature over these very texts.
    func compact(header: String, payload: String) throws -> String {
        let input = JSONWebSignature.signingInput(header: header, payload: payload)
        return JSONWebSignature.assemble(signingInput: input, signature: try raw(input))
    }

    private func signature(_ message: [UInt8]) throws -> P256.Signing.ECDSASignature {
        try privateKey.signature(for: SHA256.hash(data: message))
    }
}

/// Numbers of the curve and of what is near it (SEC 2 §2.4.2).
enum Curve {
    static let prime = bytes("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")
    static let order = bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")

    /// An uncompressed point whose y is one off.
    static func beside(_ point: [UInt8]) -> [UInt8] { Array(point.dropLast()) + [point[64] ^ 1] }

    /// A point with an x so small that x + p still fits into 32 bytes: the first one.
    static func withSmallX() throws -> P256PublicKey? {
        for x in UInt8(1)...255 {
            let compressed = [2] + [UInt8](repeating: 0, count: 31) + [x]
            if let point = try? P256PublicKey(point: compressed) { return point }
        }
        return nil
    }

    /// A point of another curve, uncompressed.
    static let ofP384 = Array(P384.Signing.PrivateKey().publicKey.x963Representation)
    /// 32 bytes that are a key of Curve25519.
    static let ofCurve25519 = Array(Curve25519.Signing.PrivateKey().publicKey.rawRepresentation)

    static func bytes(_ hexadecimal: String) -> [UInt8] { Hexadecimal.decode(hexadecimal) ?? [] }

    /// The sum of two big-endian numbers of 32 bytes, without the carry.
    static func sum(_ one: [UInt8], _ other: [UInt8]) -> [UInt8] {
        var carry = 0
        return zip(one, other).reversed().map { pair in
            let sum = Int(pair.0) + Int(pair.1) + carry
            carry = sum >> 8
            return UInt8(sum & 255)
        }.reversed()
    }
}
