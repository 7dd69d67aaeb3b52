import COpenSSLTLS
import Encodings
import Glibc

/// A certificate for trials, which nobody vouches for: ECDSA on P-256, for servers alone.
public struct SelfSignedCertificate: Sendable {
    /// PEM.
    public let certificate: [UInt8]
    /// PEM (PKCS #8), without a passphrase.
    public let key: [UInt8]
    public let facts: CertificateFacts

    /// - Parameters:
    ///   - hosts: names and addresses that it is good for; the first is its subject too.
    ///   - days: how long it is valid.
    ///   - now: seconds since 1970.
    /// - Throws: `TLSError` with `noHost` for what is neither name nor address, and for no host at all.
    public init(hosts: [String], days: Int, now: Int64) throws(TLSError) {
        guard let subject = hosts.first else { throw .noHost("") }
        if let other = hosts.first(where: { !HostName.isName($0) && !HostName.isAddress($0) }) { throw .noHost(other) }
        guard let pointer = X509_new(), let keyPointer = copenssl_new_p256_key() else { throw .library("no memory") }
        let certificate = X509Certificate(taking: pointer)
        let key = PrivateKey(taking: keyPointer)
        // A clock that is a little behind must not refuse a certificate of this moment.
        var start = time_t(now - 3600)
        var present = time_t(now)
        guard X509_set_version(pointer, 2) == 1, Self.setSerialNumber(of: pointer),
            X509_time_adj_ex(X509_getm_notBefore(pointer), 0, 0, &start) != nil,
            X509_time_adj_ex(X509_getm_notAfter(pointer), Int32(clamping: days), 0, &present) != nil,
            X509_set_pubkey(pointer, key.pointer) == 1, Self.setName(subject, of: pointer)
        else { throw .library("the certificate cannot be made") }
        try Self.add(NID_basic_constraints, "critical,CA:FALSE", to: pointer)
        try Self.add(NID_key_usage, "critical,digitalSignature", to: pointer)
        try Self.add(NID_ext_key_usage, "serverAuth", to: pointer)
        let names = hosts.map { HostName.isAddress($0) ? "IP:\($0)" : "DNS:\($0)" }
        try Self.add(NID_subject_alt_name, names.joined(separator: ","), to: pointer)
        guard X509_sign(pointer, key.pointer, EVP_sha256()) > 0 else { throw .library("it cannot be signed") }
        self.certificate = try Self.pem { PEM_write_bio_X509($0, pointer) }
        self.key = try Self.pem { PEM_write_bio_PKCS8PrivateKey($0, key.pointer, nil, nil, 0, nil, nil) }
        facts = certificate.facts
    }

    /// 128 random bits, positive (RFC 5280 §4.1.2.2).
    private static func setSerialNumber(of certificate: OpaquePointer) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard RAND_bytes(&bytes, Int32(bytes.count)) == 1 else { return false }
        bytes[0] = bytes[0] & 0x7F | 0x40
        guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { return false }
        defer { BN_free(number) }
        return BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
    }

    /// Subject and issuer are one.
    private static func setName(_ host: String, of certificate: OpaquePointer) -> Bool {
        let name = X509_get_subject_name(certificate)
        // A common name has at most 64 characters (RFC 5280, appendix A.1); clients read the other names.
        let text = Array(host.utf8.prefix(64))
        return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, Int32(text.count), -1, 0) == 1
            && X509_set_issuer_name(certificate, name) == 1
    }

    private static func add(_ kind: Int32, _ value: String, to certificate: OpaquePointer) throws(TLSError) {
        guard let field = X509V3_EXT_conf_nid(nil, nil, kind, value) else {
            throw .library("\(value) is no such value")
        }
        defer { X509_EXTENSION_free(field) }
        guard X509_add_ext(certificate, field, -1) == 1 else { throw .library("the certificate cannot be made") }
    }

    private static func pem(_ write: (OpaquePointer) -> Int32) throws(TLSError) -> [UInt8] {
        guard let bio = BIO_new(BIO_s_mem()) else { throw .library("no memory") }
        defer { BIO_free(bio) }
        var bytes: UnsafeMutablePointer<CChar>?
        guard write(bio) == 1, case let length = copenssl_memory(bio, &bytes), let bytes else {
            throw .library("PEM cannot be written")
        }
        return Array(UnsafeRawBufferPointer(start: bytes, count: length))
    }
}

extension CertificateFacts {
    /// What the first certificate of a file says.
    ///
    /// - Throws: `TLSError` where the file cannot be read, or holds none.
    public init(ofFile path: String) throws(TLSError) {
        guard let first = try X509Certificate.all(in: PEMFile.read(path), of: path).first else {
            throw .noCertificate(path)
        }
        self = first.facts
    }
}
