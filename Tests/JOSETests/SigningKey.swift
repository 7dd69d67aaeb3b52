import Crypto
import Foundation
import JOSE
import _CryptoExtras

/// A key made for one test, with the public half as this module's type.
struct SigningKey {
    let publicKey: JSONWebKey
    private let sign: ([UInt8]) throws -> [UInt8]

    static func p256(_ identifier: String?) -> SigningKey {
        let key = P256.Signing.PrivateKey()
        let point = Array(key.publicKey.x963Representation)
        guard let publicKey = try? JSONWebKey(p256Uncompressed: point, identifier: identifier) else {
            preconditionFailure("swift-crypto made a point beside the curve")
        }
        return SigningKey(publicKey: publicKey) { message in
            Array(try key.signature(for: SHA256.hash(data: message)).rawRepresentation)
        }
    }

    static func rsa(_ identifier: String?, bits: Int = 2048) throws -> SigningKey {
        let key = try _RSA.Signing.PrivateKey(keySize: .init(bitCount: bits))
        let numbers = RSANumbers(pkcs1: Array(key.publicKey.pkcs1DERRepresentation))
        let publicKey = try JSONWebKey(
            rsaModulus: numbers.modulus, exponent: numbers.exponent, identifier: identifier)
        return SigningKey(publicKey: publicKey) { message in
            let digest = SHA256.hash(data: message)
            return Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
        }
    }

    /// A compact signature over `payload` under exactly this header text.
    func compact(header: String, payload: String) throws -> String {
        let input = JSONWebSignature.signingInput(header: header, payload: payload)
        return JSONWebSignature.assemble(signingInput: input, signature: try sign(input))
    }
}

/// Modulus and exponent out of an RSAPublicKey structure that swift-crypto wrote.
private struct RSANumbers {
    let modulus: [UInt8]
    let exponent: [UInt8]

    init(pkcs1 bytes: [UInt8]) {
        var rest = bytes[...]
        func content() -> [UInt8] {
            rest.removeFirst()
            var length = Int(rest.removeFirst())
            if length >= 0x80 {
                let octets = rest.prefix(length - 0x80)
                rest.removeFirst(octets.count)
                length = octets.reduce(0) { $0 << 8 | Int($1) }
            }
            defer { rest.removeFirst(length) }
            return Array(rest.prefix(length))
        }
        rest = content()[...]
        modulus = content()
        exponent = content()
    }
}
