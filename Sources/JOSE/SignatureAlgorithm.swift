/// The signature algorithms that tokens of this server may carry (RFC 7518 §3.1).
///
/// `none` and the symmetric algorithms have no case here, so no setting can allow them.
public enum SignatureAlgorithm: String, Sendable, CaseIterable {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3).
    case rs256 = "RS256"
    /// ECDSA with P-256 and SHA-256, signature as r‖s in 64 bytes (RFC 7518 §3.4).
    case es256 = "ES256"
}
