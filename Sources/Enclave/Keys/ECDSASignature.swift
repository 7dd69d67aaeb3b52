import COpenSSL
import EnclaveLink

/// Turns an ECDSA signature from the DER that libcrypto writes into the fixed length that JWS wants (RFC 7518 §3.4).
enum ECDSASignature {
    private static let coordinateLength: Int32 = 32

    /// - Throws: `keyRefused` if the bytes are no signature over P-256.
    static func fixedLength(fromDER encoded: [UInt8]) throws(EnclaveError) -> [UInt8] {
        let signature = encoded.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var start = buffer.baseAddress
            return d2i_ECDSA_SIG(nil, &start, buffer.count)
        }
        guard let signature else { throw EnclaveError(.keyRefused) }
        defer { ECDSA_SIG_free(signature) }
        return try coordinate(ECDSA_SIG_get0_r(signature)) + coordinate(ECDSA_SIG_get0_s(signature))
    }

    private static func coordinate(_ number: OpaquePointer?) throws(EnclaveError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(coordinateLength))
        guard BN_bn2binpad(number, &bytes, coordinateLength) == coordinateLength else {
            throw EnclaveError(.keyRefused)
        }
        return bytes
    }
}
