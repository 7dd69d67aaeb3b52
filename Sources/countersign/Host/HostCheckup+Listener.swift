import API
import Configuration
import HTTPServer

extension HostCheckup {
    /// How requests reach this server, and how long its certificate is good for.
    func listenerFinding() -> CheckupFinding {
        guard let tls else { return plainFinding() }
        if let refusal = tls.refusal {
            return CheckupFinding(
                "certificate", .failed,
                "The files on disk cannot serve, and the certificate of before goes on: \(refusal)",
                advice: "Mend them; they are read again when they change.")
        }
        let certificate = tls.certificate
        let now = CertificateWatch.now()
        let days = certificate.daysLeft(now: now)
        let name = "\(certificate.subject) (SHA-256 \(certificate.fingerprint.prefix(11))…)"
        guard days >= 0 else {
            return CheckupFinding(
                "certificate", .failed, "\(name) has expired: clients refuse it.",
                advice: renewal(of: tls.files.certificate))
        }
        guard !certificate.isRenewalDue(now: now) else {
            return CheckupFinding(
                "certificate", .warning, "\(name) expires in \(days) days.",
                advice: renewal(of: tls.files.certificate))
        }
        return CheckupFinding("certificate", .ok, "HTTPS with \(name), for \(days) days more.")
    }

    private func renewal(of file: String) -> String {
        CredentialFolder.ofProcess.contains(file)
            ? "Renew the file that LoadCredential= names, and restart the server: credentials are copied when it starts."
            : "Renew \(file); it is read again when it changes."
    }

    private func plainFinding() -> CheckupFinding {
        let proxies = configuration.server.proxies.addresses.map(\.description).joined(separator: ", ")
        let audience = proxies.isEmpty ? "this machine alone" : "its proxies (\(proxies)) and this machine"
        return CheckupFinding("listener", .ok, "Plain HTTP on \(configuration.listen.text), for \(audience).")
    }
}
