/// How a request came: what protects its connection, and who the connection belongs to.
public struct Transport: Sendable, Equatable {
    /// True over TLS, and where a trusted proxy says that the client came to it by HTTPS.
    public var isEncrypted: Bool
    /// The client's certificate; nil where it showed none, or was not asked.
    public var clientCertificate: ClientCertificate?

    public init(isEncrypted: Bool = false, clientCertificate: ClientCertificate? = nil) {
        self.isEncrypted = isEncrypted
        self.clientCertificate = clientCertificate
    }
}

/// A certificate that a client showed in the handshake, whose private key it has.
public enum ClientCertificate: Sendable, Equatable {
    /// One of the authorities that the listener names vouches for it.
    case verified(subject: String, fingerprint: String)
    /// None of them does, or it is not valid now.
    case refused(reason: String)
}
