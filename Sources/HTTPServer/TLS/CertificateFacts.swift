/// What a certificate says.
public struct CertificateFacts: Sendable, Equatable {
    /// Whom it is for, such as `CN=login.example.com`.
    public let subject: String
    /// Who vouches for it.
    public let issuer: String
    /// The names that it is good for, such as `DNS:login.example.com, IP Address:192.0.2.1`; empty where it has none.
    public let names: String
    /// When it begins and ends to be valid, in seconds since 1970.
    public let notBefore: Int64
    public let notAfter: Int64
    /// SHA-256 of the whole certificate, as `AB:CD:…`.
    public let fingerprint: String

    /// Whole days until it ends; negative once it has.
    ///
    /// - Parameter now: seconds since 1970.
    public func daysLeft(now: Int64) -> Int64 {
        let left = notAfter - now
        return left >= 0 ? left / 86_400 : -1 - (-left - 1) / 86_400
    }

    /// Whether it should have been renewed: what renews certificates does so when a third of their time is left, and a
    /// month before their end at the latest.
    ///
    /// - Parameter now: seconds since 1970.
    public func isRenewalDue(now: Int64) -> Bool {
        notAfter - now < min((notAfter - notBefore) / 3, Self.longestRenewal)
    }

    private static let longestRenewal: Int64 = 30 * 86_400
}
