import COpenSSLTLS

/// Why a connection over TLS ended before its time.
enum TLSFault: Error, Equatable {
    /// The client speaks HTTP without TLS.
    case plainHTTP
    /// The client sent more than a handshake needs.
    case handshakeTooLong
    /// OpenSSL found fault with what the client sent; its word for it.
    case refused(String)

    /// The first of the faults that OpenSSL noted on this thread.
    static func noted() -> TLSFault {
        .refused(ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) } ?? "closed")
    }
}
