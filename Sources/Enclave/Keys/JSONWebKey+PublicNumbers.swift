import COpenSSL
import EnclaveLink
import JOSE

extension JSONWebKey {
    /// Reads the public half of a libcrypto key.
    /// - Throws: `JOSEError` if the numbers are no acceptable key, `EnclaveError` if libcrypto does not tell them.
    init(publicNumbersOf key: OpaquePointer) throws {
        if EVP_PKEY_is_a(key, "RSA") == 1 {
            try self.init(
                rsaModulus: Self.number(OSSL_PKEY_PARAM_RSA_N, of: key),
                exponent: Self.number(OSSL_PKEY_PARAM_RSA_E, of: key))
        } else {
            try self.init(p256Uncompressed: Self.point(of: key))
        }
    }

    /// The uncompressed point of a P-256 key, 65 bytes; empty for RSA.
    var uncompressedPoint: [UInt8] {
        switch material {
        case .rsa: []
        case .p256(let x, let y): [4] + x + y
        }
    }

    private static func number(_ name: String, of key: OpaquePointer) throws(EnclaveError) -> [UInt8] {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(key, name, &number) == 1, let number else { throw EnclaveError(.keyRefused) }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: (Int(BN_num_bits(number)) + 7) / 8)
        BN_bn2bin(number, &bytes)
        return bytes
    }

    private static func point(of key: OpaquePointer) throws(EnclaveError) -> [UInt8] {
        var point = [UInt8](repeating: 0, count: 65)
        var length = 0
        guard
            EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &length) == 1,
            length == point.count
        else { throw EnclaveError(.keyRefused) }
        return point
    }
}
