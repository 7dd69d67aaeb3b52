import Glibc
import HTTPServer
import Logging

/// Has the listener's certificate read again when its files change, and at SIGHUP.
struct CertificateWatch: Sendable {
    let identity: TLSIdentity
    let logger: Logger

    /// Time between two looks: programs that renew certificates write them long before the old ones end.
    private static let interval: Duration = .seconds(2)

    /// Seconds since 1970.
    static func now() -> Int64 { Int64(time(nil)) }

    /// Watches until the task is cancelled.
    func run() async {
        let signals = Signals.reload()
        await withTaskGroup { group in
            group.addTask {
                for await _ in signals.received { report(identity.reload(now: Self.now(), always: true)) }
            }
            group.addTask {
                while !Task.isCancelled {
                    report(identity.reload(now: Self.now()))
                    try? await Task.sleep(for: Self.interval)
                }
            }
        }
    }

    private func report(_ reload: TLSIdentity.Reload) {
        switch reload {
        case .unchanged: break
        case .changed(let certificate):
            logger.notice(
                "certificate read again",
                metadata: [
                    "subject": "\(certificate.subject)", "fingerprint": "\(certificate.fingerprint)",
                    "days_left": "\(certificate.daysLeft(now: Self.now()))",
                ])
        case .refused(let error):
            logger.error("the new certificate cannot serve; the old one goes on", metadata: ["reason": "\(error)"])
        }
    }
}
