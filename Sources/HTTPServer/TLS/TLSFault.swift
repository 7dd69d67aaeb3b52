import COpenSSLTLS

/// Why a connection over TLS ended before its time.
public enum TLSFault: Error, Equatable {
    /// The other end speaks HTTP without TLS.
    case plainHTTP
    /// The other end sent more than a handshake needs.
    case handshakeTooLong
    /// Nobody whom this client believes vouches for the server; OpenSSL's words for it.
    case untrusted(String)
    /// OpenSSL found fault with what the other end sent; its word for it.
    case refused(String)

    /// The first of the faults that OpenSSL noted on this thread.
    static func noted() -> TLSFault {
        .refused(ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) } ?? "closed")
    }
}

extension TLSFault: CustomStringConvertible {
    /// For people, in lower case and without an end.
    public var description: String {
        switch self {
        case .plainHTTP: "the other end speaks HTTP without TLS"
        case .handshakeTooLong: "the other end sent more than a handshake needs"
        case .untrusted(let reason): "its certificate is not believed: \(reason)"
        case .refused(let reason): reason
        }
    }
}
