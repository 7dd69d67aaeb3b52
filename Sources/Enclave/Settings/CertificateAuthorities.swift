/// The certificates that the system trusts.
enum CertificateAuthorities {
    static let systemFile = "/etc/ssl/certs/ca-certificates.crt"
    /// Bytes of such a file, at most.
    static let limit = 4_194_304

    /// In PEM; nil where the file is not there, or holds none.
    static var system: [UInt8]? {
        let bytes = try? SettingsFile(systemFile, in: "/").bytes(limit: limit)
        return bytes.flatMap { holdsCertificate($0) ? $0 : nil }
    }

    static func holdsCertificate(_ bytes: [UInt8]) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains("-----BEGIN CERTIFICATE-----")
    }
}
