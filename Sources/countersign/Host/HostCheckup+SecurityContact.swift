import API
import Workspaces

extension HostCheckup {
    private static let day: Int64 = 86_400_000
    /// Days before its end from which on it is to be renewed.
    private static let renewalDays: Int64 = 30

    /// Whether whoever finds a weakness finds somebody to tell.
    static func securityContact(_ contact: SecurityContact?, now: Int64) -> CheckupFinding {
        let name = "security contact"
        guard let contact else {
            return CheckupFinding(
                name, .warning, "Nobody is named to report weaknesses to.",
                advice: "Set security_txt in countersign.yaml; examples/countersign.yaml shows how.")
        }
        let days = (contact.expires - now) / day
        guard !contact.isExpired(now: now) else {
            return CheckupFinding(
                name, .failed, "/.well-known/security.txt has expired and is not served.",
                advice: "Check its addresses and set security_txt.expires anew.")
        }
        guard days >= renewalDays else {
            return CheckupFinding(
                name, .warning, "/.well-known/security.txt expires in \(days) days.",
                advice: "Check its addresses and set security_txt.expires anew.")
        }
        guard days <= 366 else {
            return CheckupFinding(
                name, .warning, "/.well-known/security.txt expires in more than a year: it may be stale before.",
                advice: "Set security_txt.expires less than a year ahead (RFC 9116, section 2.5.5).")
        }
        return CheckupFinding(name, .ok, "/.well-known/security.txt names one, for \(days) days more.")
    }
}
