import CCurl

/// The certificates that may vouch for servers, read once: to read all that a system trusts takes longer than the rest of
/// a connection.
///
/// Unchecked because it is a pointer: what it leads to is written in `init`, and OpenSSL locks it from then on.
final class TrustedAuthorities: @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer

    /// - Parameter certificates: in PEM. Where they cannot be read, nobody vouches for anybody.
    init(_ certificates: [UInt8]) throws(TransportError) {
        guard let pointer = ccurl_read_authorities(certificates, certificates.count) else { throw .libraryUnavailable }
        self.pointer = pointer
    }

    deinit { ccurl_free_authorities(pointer) }

    /// Lets these certificates, and no others, vouch for the handle's servers. They must outlive the handle.
    func attach(to handle: CurlHandle) throws(TransportError) {
        try handle.check(CURLOPT_SSL_CTX_FUNCTION, ccurl_trust(handle.pointer, pointer))
    }
}
