import COpenSSLTLS
import NIOCore

/// Whom a client of ours believes that a server is who it says.
///
/// Unchecked because it is a pointer: it is written in `init`, and OpenSSL locks what sessions share.
public final class TLSTrust: @unchecked Sendable {
    let pointer: OpaquePointer

    /// - Parameter authorities: a PEM file of certificates, which alone may vouch for servers then; each may also be the
    ///   server's own. Nil for the system's authorities, or those that OpenSSL's `SSL_CERT_FILE` names.
    /// - Throws: `TLSError` with what is wrong with the file.
    public init(authorities: String? = nil) throws(TLSError) {
        let certificates = try authorities.map { path throws(TLSError) in
            let all = try X509Certificate.all(in: PEMFile.read(path), of: path)
            guard !all.isEmpty else { throw TLSError.noCertificate(path) }
            return all
        }
        guard let pointer = SSL_CTX_new(TLS_client_method()) else { throw .library("no memory") }
        self.pointer = pointer
        guard copenssl_set_versions(pointer) == 1 else {
            throw .library("this version does not know our versions of TLS")
        }
        copenssl_set_modes(pointer)
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        guard let certificates else {
            SSL_CTX_set_default_verify_paths(pointer)
            return
        }
        let store = SSL_CTX_get_cert_store(pointer)
        X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        for certificate in certificates { X509_STORE_add_cert(store, certificate.pointer) }
    }

    deinit { SSL_CTX_free(pointer) }

    /// What speaks TLS on a connection to a server of this name or address. Handlers behind it get `HandshakeEnded` once
    /// they may write, or a `TLSFault`.
    ///
    /// - Throws: `TLSError` with `library` where the system has no memory for it.
    public func handler(to host: String) throws(TLSError) -> any ChannelHandler {
        guard let session = TLSSession(self, to: host) else { throw .library("no memory") }
        return TLSHandler(session)
    }
}
