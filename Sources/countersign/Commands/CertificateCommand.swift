import ArgumentParser
import Glibc
import HTTPServer

/// `countersign certificate`
struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate", abstract: "Make a certificate for trials, and show what certificates say.",
        subcommands: [SelfSigned.self, Show.self])

    /// `countersign certificate self-signed`
    struct SelfSigned: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a certificate that nobody vouches for (ECDSA, P-256), and its key: to try HTTPS out.",
            discussion: """
                For production get one from an authority that your clients trust; the server reads it again whenever it \
                is renewed.

                countersign certificate self-signed --host localhost --host 127.0.0.1 --out tls
                """)

        @Option(name: .customLong("host"), help: "A host name or address that it is for; may be given again.")
        var hosts: [String] = ["localhost", "127.0.0.1", "::1"]

        @Option(help: "Days that it is valid, 1 to 398.") var days = 30

        @Option(help: "The folder for certificate.pem and key.pem; made where it is missing.") var out = "tls"

        @OptionGroup var output: OutputOption

        private struct Report: Encodable {
            var certificate, key, names, fingerprint: String
            var daysLeft: Int64
        }

        func run() async throws {
            // What browsers take (CA/Browser Forum, baseline requirements §6.3.2).
            guard (1...398).contains(days) else { throw CommandError("--days must be from 1 to 398") }
            let made: SelfSignedCertificate
            do { made = try SelfSignedCertificate(hosts: hosts, days: days, now: CertificateWatch.now()) } catch {
                throw CommandError(error.code == .noHost ? "--host: \(error)" : "\(error)")
            }
            guard mkdir(out, 0o755) == 0 || errno == EEXIST else {
                throw CommandError("cannot make the folder \(out): \(String(cString: strerror(errno)))")
            }
            let (certificate, key) = (out + "/certificate.pem", out + "/key.pem")
            try NewFile.write(made.key, to: key, mode: 0o600)
            do { try NewFile.write(made.certificate, to: certificate, mode: 0o644) } catch {
                unlink(key)
                throw error
            }
            try report(made.facts, certificate: certificate, key: key)
        }

        private func report(_ facts: CertificateFacts, certificate: String, key: String) throws {
            if output.json {
                return try Output.json(
                    Report(
                        certificate: certificate, key: key, names: facts.names, fingerprint: facts.fingerprint,
                        daysLeft: facts.daysLeft(now: CertificateWatch.now())))
            }
            Output.table([
                ("certificate", certificate), ("private key", key), ("names", facts.names),
                ("SHA-256", facts.fingerprint),
            ])
            let host = hosts.first ?? "localhost"
            let server = "https://\(host.contains(":") ? "[\(host)]" : host):3000"
            Output.line(
                """

                countersign serve --tls-certificate \(certificate) --tls-key \(key)

                In another terminal, with the operator's key that the first start shows in COUNTERSIGN_KEY:

                curl --cacert \(certificate) \(server)/health
                countersign doctor --server \(server) \(AuthorityOption.name) \(certificate)
                """)
        }
    }

    /// `countersign certificate show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show whom a certificate is for, and until when.")

        @Argument(help: "A PEM file; its first certificate counts.") var file: String

        func run() async throws {
            let facts: CertificateFacts
            do { facts = try CertificateFacts(ofFile: file) } catch { throw CommandError("\(error)") }
            let days = facts.daysLeft(now: CertificateWatch.now())
            Output.table([
                ("subject", facts.subject), ("issuer", facts.issuer), ("names", facts.names),
                ("valid", days < 0 ? "no: it expired" : "for \(days) days more"), ("SHA-256", facts.fingerprint),
            ])
        }
    }
}
