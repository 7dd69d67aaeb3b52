import COpenSSLTLS
import Glibc

/// The client's side of TLS over a socket; it takes any certificate, since the server is this program's own child.
final class SecureStream {
    private let session: OpaquePointer

    /// Shakes hands over a socket that blocks.
    init(_ descriptor: Int32) throws(BenchmarkError) {
        guard let context = Self.context.pointer, let session = SSL_new(context) else {
            throw BenchmarkError("OpenSSL has no memory")
        }
        self.session = session
        // One system call for what has arrived, as over plain TCP, instead of one for each part of a record.
        SSL_set_read_ahead(session, 1)
        SSL_set_fd(session, descriptor)
        guard SSL_connect(session) == 1 else { throw BenchmarkError("no handshake") }
    }

    deinit { SSL_free(session) }

    /// The number of bytes that were sent; all or none.
    func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        Int(SSL_write(session, bytes.baseAddress, Int32(bytes.count)))
    }

    /// The number of bytes that were received; 0 where none are there yet, nil where the server is gone.
    func receive(into space: UnsafeMutableRawBufferPointer) -> Int? {
        ERR_clear_error()
        let count = SSL_read(session, space.baseAddress, Int32(space.count))
        guard count <= 0 else { return Int(count) }
        return SSL_get_error(session, count) == SSL_ERROR_WANT_READ ? 0 : nil
    }

    /// Whether more can be had without asking the system.
    var hasMore: Bool { SSL_has_pending(session) == 1 }

    private static let context = Context()

    /// Unchecked because it is a pointer: it is written once, and OpenSSL locks what it leads to.
    private final class Context: @unchecked Sendable {
        let pointer = SSL_CTX_new(TLS_client_method())
    }
}
