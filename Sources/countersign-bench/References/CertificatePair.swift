import Glibc
import HTTPServer

/// A certificate for the servers that are compared, and its key.
struct CertificatePair {
    let certificate: String
    let key: String

    init(_ bench: Bench) throws(BenchmarkError) {
        let made: SelfSignedCertificate
        do {
            made = try SelfSignedCertificate(hosts: ["localhost", "127.0.0.1"], days: 1, now: Int64(time(nil)))
        } catch {
            throw BenchmarkError("\(error)")
        }
        certificate = bench.folder.path("certificate.pem")
        key = bench.folder.path("key.pem")
        try TextFile.write(String(decoding: made.certificate, as: UTF8.self), to: certificate)
        try TextFile.write(String(decoding: made.key, as: UTF8.self), to: key)
        chmod(key, 0o600)
    }

    /// `openssl s_server`, which answers requests with a page.
    func serveByOpenSSL(_ bench: Bench) throws(BenchmarkError) -> ServerProcess {
        try ServerProcess.startSilent(
            "openssl", output: bench.folder.path("s_server.log")
        ) { ["s_server", "-accept", "127.0.0.1:\($0)", "-cert", certificate, "-key", key, "-www", "-quiet"] }
    }
}
