@testable import HTTPServer

/// The files of a certificate and its key.
enum CertificateEntry {
    static func run(_ bytes: [UInt8]) {
        _ = try? PrivateKey(pem: bytes, of: "key.pem")
        for certificate in (try? X509Certificate.all(in: bytes, of: "certificate.pem")) ?? [] {
            _ = certificate.subject
            _ = certificate.fingerprint
        }
    }
}
