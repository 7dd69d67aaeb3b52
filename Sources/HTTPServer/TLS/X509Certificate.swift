import COpenSSLTLS
import Glibc

/// A certificate in OpenSSL's memory.
final class X509Certificate {
    let pointer: OpaquePointer

    /// Takes the certificate over.
    init(taking pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit { X509_free(pointer) }

    /// All certificates of a PEM text, in their order; what is not PEM is passed over, as OpenSSL does.
    ///
    /// - Throws: `TLSError.unreadable` for a certificate that is broken.
    static func all(in pem: [UInt8], of path: String) throws(TLSError) -> [X509Certificate] {
        ERR_clear_error()
        guard let bio = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { throw .library("no memory") }
        defer { BIO_free(bio) }
        var certificates: [X509Certificate] = []
        while let pointer = PEM_read_bio_X509(bio, nil, nil, nil) {
            certificates.append(X509Certificate(taking: pointer))
        }
        // At the end of the text there is no further begin.
        let reason = ERR_reason_error_string(ERR_peek_last_error()).map { String(cString: $0) }
        ERR_clear_error()
        guard reason == nil || reason == "no start line" else { throw .unreadable(path, reason ?? "") }
        return certificates
    }

    var subject: String { Self.text(of: X509_get_subject_name(pointer)) }

    var fingerprint: String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard X509_digest(pointer, EVP_sha256(), &digest, &length) == 1 else { return "" }
        return digest.prefix(Int(length)).map { Self.hexadecimal($0) }.joined(separator: ":")
    }

    var facts: CertificateFacts {
        CertificateFacts(
            subject: subject, issuer: Self.text(of: X509_get_issuer_name(pointer)), names: names,
            notBefore: Self.seconds(X509_get0_notBefore(pointer)), notAfter: Self.seconds(X509_get0_notAfter(pointer)),
            fingerprint: fingerprint)
    }

    private var names: String {
        let position = X509_get_ext_by_NID(pointer, NID_subject_alt_name, -1)
        guard position >= 0, let field = X509_get_ext(pointer, position) else { return "" }
        return Self.printed { X509V3_EXT_print($0, field, 0, 0) == 1 }
    }

    private static func text(of name: OpaquePointer?) -> String {
        printed { copenssl_print_name($0, name) >= 0 }
    }

    private static func printed(_ print: (OpaquePointer) -> Bool) -> String {
        guard let bio = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(bio) }
        var bytes: UnsafeMutablePointer<CChar>?
        guard print(bio), case let length = copenssl_memory(bio, &bytes), length > 0, let bytes else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return 0 }
        return Int64(timegm(&parts))
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "0" + text : text
    }
}
