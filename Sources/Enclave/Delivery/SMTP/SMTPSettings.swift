import EnclaveLink

/// The mail server that takes the messages of the channel `email` (RFC 6409 submission).
public struct SMTPSettings: Equatable, Sendable {
    /// How the stream becomes encrypted. Plaintext is not offered.
    public enum Encryption: String, CaseIterable, Sendable {
        /// STARTTLS on a plaintext greeting (RFC 3207), required: a server without it is refused.
        case starttls
        /// TLS from the first byte (RFC 8314 §3.3).
        case implicit

        /// The registered submission port: 587, or 465 for implicit TLS.
        public var defaultPort: UInt16 { self == .starttls ? 587 : 465 }
    }

    /// The name of this provider in outcomes, logs and the greeting.
    public static let providerName = "smtp"

    /// The server's name, which its certificate must carry; or an address in the same role.
    public var host: String
    public var port: UInt16
    public var encryption: Encryption
    /// Nil submits without authentication.
    public var credentials: SMTPCredentials?
    /// The certificates (PEM) that may vouch for the server; no others are trusted.
    public var certificateAuthorities: [UInt8]
    public var sender: MailSender
    /// Whom callers may name as the sender, or for replies; without a setting, the addresses of the sender's domain.
    var allowedAddresses: AllowedAddresses
    /// The name given in EHLO.
    public var helloName: String
    /// Connections kept open, each with a worker thread of its own: 1…16.
    public var connections: Int

    /// Allowed values of ``connections``.
    public static let connectionRange = 1...16
    /// ``connections`` where nothing else is set.
    public static let usualConnections = 4

    var destination: Destination { Destination(host: host, port: port) }

    public init(
        host: String, port: UInt16? = nil, encryption: Encryption = .starttls, credentials: SMTPCredentials? = nil,
        certificateAuthorities: [UInt8], sender: MailSender, helloName: String? = nil,
        connections: Int = usualConnections
    ) {
        self.host = host
        self.port = port ?? encryption.defaultPort
        self.encryption = encryption
        self.credentials = credentials
        self.certificateAuthorities = certificateAuthorities
        self.sender = sender
        allowedAddresses = AllowedAddresses([sender.domain]) ?? .none
        self.helloName = helloName ?? sender.domain
        self.connections = connections
    }
}
