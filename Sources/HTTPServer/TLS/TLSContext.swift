import COpenSSLTLS

/// The rules of TLS and the certificate of new connections; one that is open keeps the context that it began under.
///
/// Versions, suites and groups are Mozilla's "intermediate" (https://wiki.mozilla.org/Security/Server_Side_TLS), of TLS 1.2
/// only what has forward secrecy and authenticated encryption on elliptic curves.
///
/// Unchecked because it is a pointer: it is written in `init`, and OpenSSL locks what sessions share.
final class TLSContext: @unchecked Sendable {
    let pointer: OpaquePointer
    let certificate: CertificateFacts
    /// Whether clients are asked for a certificate, which they need not have.
    let asksForCertificates: Bool

    private static let suites12 = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    ].joined(separator: ":")
    private static let suites13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    private static let groups = "X25519:P-256:P-384"
    private static let signatures = [
        "ECDSA+SHA256", "ECDSA+SHA384", "ECDSA+SHA512", "ed25519", "RSA-PSS+SHA256", "RSA-PSS+SHA384",
        "RSA-PSS+SHA512", "RSA+SHA256", "RSA+SHA384", "RSA+SHA512",
    ].joined(separator: ":")
    /// Seconds in which a ticket resumes a session.
    private static let ticketLifetime = 3600

    /// - Parameter now: seconds since 1970.
    /// - Throws: `TLSError` with what is wrong with the files.
    init(_ files: TLSFiles, now: Int64) throws(TLSError) {
        let chain = try X509Certificate.all(in: PEMFile.read(files.certificate), of: files.certificate)
        guard let leaf = chain.first else { throw .noCertificate(files.certificate) }
        let facts = leaf.facts
        guard facts.notAfter > now else { throw .expired(files.certificate, (now - facts.notAfter) / 86_400) }
        guard facts.notBefore <= now else { throw .notYetValid(files.certificate) }
        let key = try PEMFile.readKey(files.key)
        let authorities = try files.clientAuthorities.map { path throws(TLSError) in
            let all = try X509Certificate.all(in: PEMFile.read(path), of: path)
            guard !all.isEmpty else { throw TLSError.noCertificate(path) }
            return all
        }
        guard let pointer = SSL_CTX_new(TLS_server_method()) else { throw .library("no memory") }
        self.pointer = pointer
        certificate = facts
        asksForCertificates = authorities != nil
        try setRules()
        try show(chain, key, files)
        if let authorities { ask(for: authorities) }
    }

    deinit { SSL_CTX_free(pointer) }

    private func setRules() throws(TLSError) {
        guard copenssl_set_versions(pointer) == 1,
            SSL_CTX_set_cipher_list(pointer, Self.suites12) == 1,
            SSL_CTX_set_ciphersuites(pointer, Self.suites13) == 1,
            copenssl_set_groups(pointer, Self.groups) == 1,
            copenssl_set_signatures(pointer, Self.signatures) == 1
        else { throw .library("this version does not know all of our suites") }
        copenssl_set_modes(pointer)
        copenssl_disable_session_cache(pointer)
        SSL_CTX_set_timeout(pointer, Self.ticketLifetime)
        // One ticket is enough for a client that comes back; OpenSSL would make two for each handshake.
        SSL_CTX_set_num_tickets(pointer, 1)
        SSL_CTX_set_max_early_data(pointer, 0)
        let name = Array("http".utf8)
        SSL_CTX_set_session_id_context(pointer, name, UInt32(name.count))
        ApplicationProtocol.choose(in: pointer)
    }

    private func show(_ chain: [X509Certificate], _ key: PrivateKey, _ files: TLSFiles) throws(TLSError) {
        ERR_clear_error()
        guard SSL_CTX_use_certificate(pointer, chain[0].pointer) == 1 else {
            throw .refused(files.certificate, Self.reason())
        }
        guard X509_check_private_key(chain[0].pointer, key.pointer) == 1 else {
            throw .mismatch(certificate: files.certificate, key: files.key)
        }
        guard SSL_CTX_use_PrivateKey(pointer, key.pointer) == 1 else { throw .refused(files.key, Self.reason()) }
        for certificate in chain.dropFirst() {
            X509_up_ref(certificate.pointer)
            guard copenssl_add_to_chain(pointer, certificate.pointer) == 1 else {
                X509_free(certificate.pointer)
                throw .refused(files.certificate, Self.reason())
            }
        }
    }

    /// Asks clients for a certificate. One that does not hold is no reason to end the handshake: who may do what without
    /// one is said where requests are answered.
    private func ask(for authorities: [X509Certificate]) {
        let store = SSL_CTX_get_cert_store(pointer)
        for authority in authorities {
            X509_STORE_add_cert(store, authority.pointer)
            SSL_CTX_add_client_CA(pointer, authority.pointer)
        }
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER) { _, _ in 1 }
    }

    private static func reason() -> String {
        ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) } ?? "unknown"
    }
}
