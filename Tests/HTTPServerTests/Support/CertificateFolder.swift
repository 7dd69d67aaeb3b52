import Glibc

@testable import HTTPServer

/// A folder with a certificate of this test's own and its key, removed with the last reference.
final class CertificateFolder {
    let path: String

    var files: TLSFiles { TLSFiles(certificate: path + "/certificate.pem", key: path + "/key.pem") }

    static var now: Int64 { Int64(time(nil)) }

    /// - Parameter days: how long the certificate is valid.
    init(host: String = "localhost", days: Int = 30) throws {
        var name = Array("/tmp/countersign-tls-XXXXXX".utf8CString)
        path = mkdtemp(&name).map { String(cString: $0) } ?? ""
        try renew(host: host, days: days)
    }

    deinit {
        for name in ["certificate.pem", "key.pem", "new"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// Puts a new pair in the place of the old one.
    func renew(host: String, days: Int = 30) throws {
        let made = try SelfSignedCertificate(hosts: [host], days: days, now: Self.now)
        try replace("key.pem", made.key)
        try replace("certificate.pem", made.certificate)
    }

    /// Puts a file in the place of another, at once.
    func replace(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o600) throws {
        let new = path + "/new"
        let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC, mode)
        guard write(descriptor, bytes, bytes.count) == bytes.count, fchmod(descriptor, mode) == 0 else {
            throw TLSClient.Failure(reason: "cannot write")
        }
        close(descriptor)
        rename(new, "\(path)/\(name)")
    }

    func context(_ change: (inout TLSFiles) -> Void = { _ in }) throws -> TLSContext {
        var files = files
        change(&files)
        return try TLSContext(files, now: Self.now)
    }
}
