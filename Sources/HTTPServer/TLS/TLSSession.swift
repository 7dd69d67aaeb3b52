import COpenSSLTLS
import Encodings
import NIOCore

/// One connection's side of TLS, without a socket: encrypted bytes go in and come out, and so do plain ones.
///
/// Never leaves its event loop.
final class TLSSession {
    /// What became of a step.
    enum Outcome: Equatable {
        /// It is done.
        case done
        /// It goes on when more has arrived.
        case needsMore
        /// The other end said that it sends nothing more (`close_notify`).
        case inputEnded
        case failed(TLSFault)
    }

    /// Bytes of plaintext in a record (RFC 8446 §5.1).
    static let recordLength = 16 * 1024
    /// What a record adds to its plaintext, at most.
    private static let recordOverhead = 256

    /// Who says the first word.
    let isClient: Bool
    private let session: OpaquePointer
    private let pipe = TLSPipe()
    // The keys of its tickets belong to the context.
    private let context: AnyObject
    private let asksForCertificates: Bool

    /// The server's side. Nil where the system has no memory for it.
    init?(_ context: TLSContext) {
        guard let session = SSL_new(context.pointer), let bio = pipe.makeBIO() else { return nil }
        SSL_set_bio(session, bio, bio)
        SSL_set_accept_state(session)
        self.session = session
        self.context = context
        isClient = false
        asksForCertificates = context.asksForCertificates
    }

    /// The side of a client, which goes on only with a server whose certificate is for this host. Nil where the system has
    /// no memory for it.
    init?(_ trust: TLSTrust, to host: String) {
        guard let session = SSL_new(trust.pointer), let bio = pipe.makeBIO() else { return nil }
        SSL_set_bio(session, bio, bio)
        SSL_set_connect_state(session)
        self.session = session
        context = trust
        isClient = true
        asksForCertificates = false
        let isExpected =
            HostName.isAddress(host)
            ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host)
            : SSL_set1_host(session, host) & copenssl_set_server_name(session, host)
        guard isExpected == 1 else { return nil }
    }

    deinit { SSL_free(session) }

    /// Takes what has arrived from the other end.
    func receive(_ bytes: ByteBuffer) {
        if pipe.arrived.readableBytes == 0 {
            pipe.arrived = bytes
        } else {
            pipe.arrived.writeImmutableBuffer(bytes)
        }
    }

    /// Goes on with the handshake.
    func shakeHands() -> Outcome {
        ERR_clear_error()
        return outcome(of: SSL_do_handshake(session))
    }

    /// Decrypts all that has arrived whole.
    func read(into plaintext: inout ByteBuffer) -> Outcome {
        // A read in vain would cost as much as one that brings a request.
        while pipe.arrived.readableBytes > 0 || SSL_pending(session) > 0 {
            ERR_clear_error()
            var count = 0
            let room = max(1, min(Self.recordLength, pipe.arrived.readableBytes + Int(SSL_pending(session))))
            let result = plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { space in
                let result = SSL_read_ex(session, space.baseAddress, space.count, &count)
                return result == 1 ? count : 0
            }
            if result == 0 { return outcome(of: 0) }
        }
        return .needsMore
    }

    /// Encrypts these bytes, in records as long as they may be.
    func write(_ plaintext: inout ByteBuffer) -> Outcome {
        let records = plaintext.readableBytes / Self.recordLength + 1
        pipe.leaving.reserveCapacity(minimumWritableBytes: plaintext.readableBytes + records * Self.recordOverhead)
        while plaintext.readableBytes > 0 {
            ERR_clear_error()
            var count = 0
            let result = plaintext.withUnsafeReadableBytes { SSL_write_ex(session, $0.baseAddress, $0.count, &count) }
            guard result == 1 else { return outcome(of: result) }
            plaintext.moveReaderIndex(forwardBy: count)
        }
        return .done
    }

    /// Says that nothing more is sent.
    func end() {
        ERR_clear_error()
        SSL_shutdown(session)
    }

    /// What has to go to the other end; nil where that is nothing.
    func takeLeaving() -> ByteBuffer? {
        guard pipe.leaving.readableBytes > 0 else { return nil }
        defer { pipe.leaving = ByteBuffer() }
        return pipe.leaving
    }

    /// What the handshake has agreed on.
    var facts: Transport {
        Transport(isEncrypted: true, clientCertificate: asksForCertificates ? clientCertificate : nil)
    }

    private var clientCertificate: ClientCertificate? {
        guard let pointer = SSL_get1_peer_certificate(session) else { return nil }
        let certificate = X509Certificate(taking: pointer)
        let verdict = SSL_get_verify_result(session)
        guard verdict == X509_V_OK else {
            return .refused(reason: String(cString: X509_verify_cert_error_string(verdict)))
        }
        return .verified(subject: certificate.subject, fingerprint: certificate.fingerprint)
    }

    /// Why the server is not believed; nil where that is not why it went wrong.
    private var refusedServer: TLSFault? {
        let verdict = SSL_get_verify_result(session)
        guard isClient, verdict != X509_V_OK else { return nil }
        return .untrusted(String(cString: X509_verify_cert_error_string(verdict)))
    }

    private func outcome(of result: Int32) -> Outcome {
        switch result == 1 ? SSL_ERROR_NONE : SSL_get_error(session, result) {
        case SSL_ERROR_NONE: .done
        case SSL_ERROR_WANT_READ: .needsMore
        case SSL_ERROR_ZERO_RETURN: .inputEnded
        default: .failed(refusedServer ?? .noted())
        }
    }
}
