import COpenSSLTLS

/// OpenSSL's own client, in memory: what it wants to send is taken from it, and what it receives is given to it.
final class TLSClient {
    private let context: OpaquePointer
    private let session: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    private(set) var received: [UInt8] = []
    /// Whether the server said that it sends nothing more.
    var isServerDone: Bool { SSL_get_shutdown(session) & SSL_RECEIVED_SHUTDOWN != 0 }

    struct Failure: Error { let reason: String }

    /// - Parameters:
    ///   - latest: the latest version that it speaks.
    ///   - protocols: what it offers by ALPN.
    ///   - identity: its own certificate and key (PEM files).
    init(
        latest: Int32 = TLS1_3_VERSION, protocols: [String] = [], identity: (certificate: String, key: String)? = nil
    ) throws {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw Failure(reason: "context") }
        self.context = context
        // The oldest versions need the lowest security level.
        if latest < TLS1_2_VERSION { SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0") }
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(latest), nil)
        if let identity {
            SSL_CTX_use_certificate_file(context, identity.certificate, SSL_FILETYPE_PEM)
            SSL_CTX_use_PrivateKey_file(context, identity.key, SSL_FILETYPE_PEM)
        }
        guard let session = SSL_new(context), let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem())
        else { throw Failure(reason: "session") }
        self.session = session
        self.incoming = incoming
        self.outgoing = outgoing
        SSL_set_bio(session, incoming, outgoing)
        SSL_set_connect_state(session)
        let offers = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !offers.isEmpty { SSL_set_alpn_protos(session, offers, UInt32(offers.count)) }
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    /// Goes on with the handshake. Returns whether it is over. Throws the reason where it failed.
    func shakeHands() throws -> Bool {
        ERR_clear_error()
        let result = SSL_do_handshake(session)
        if result == 1 { return true }
        guard SSL_get_error(session, result) == SSL_ERROR_WANT_READ else { throw failure() }
        return false
    }

    /// What it wants to send.
    func take() -> [UInt8] {
        var bytes: [UInt8] = []
        var space = [UInt8](repeating: 0, count: 16384)
        while case let count = BIO_read(outgoing, &space, Int32(space.count)), count > 0 {
            bytes += space[..<Int(count)]
        }
        return bytes
    }

    /// Gives it what the server sent.
    func give(_ bytes: [UInt8]) { BIO_write(incoming, bytes, Int32(bytes.count)) }

    /// Encrypts one record.
    func write(_ text: String) { SSL_write(session, text, Int32(text.utf8.count)) }

    /// Decrypts what it was given. Throws what the server said in an alert.
    func read() throws {
        var space = [UInt8](repeating: 0, count: 16384)
        while true {
            ERR_clear_error()
            let count = SSL_read(session, &space, Int32(space.count))
            guard count <= 0 else {
                received += space[..<Int(count)]
                continue
            }
            let error = SSL_get_error(session, count)
            if error == SSL_ERROR_WANT_READ || error == SSL_ERROR_ZERO_RETURN { return }
            throw failure()
        }
    }

    /// Says that it sends nothing more.
    func end() { SSL_shutdown(session) }

    /// Asks for a handshake anew (TLS 1.2).
    func renegotiate() { SSL_renegotiate(session) }

    /// The protocol that the server chose.
    var chosenProtocol: String {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(session, &name, &length)
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    private func failure() -> Failure {
        Failure(reason: ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) } ?? "closed")
    }
}
