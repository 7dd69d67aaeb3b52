import COpenSSLTLS
import Glibc

/// A client that sends one byte at a time, and comes again when it is cut.
struct SlowClient {
    /// What it is slow with.
    enum Kind: CaseIterable {
        case header, body, handshake
    }

    private let kind: Kind
    private let port: UInt16
    private var descriptor: Int32
    private var position = 0

    init(_ kind: Kind, port: UInt16) throws(BenchmarkError) {
        self.kind = kind
        self.port = port
        descriptor = try Self.connect(kind, port)
    }

    /// Sends the next byte, over a new connection where the last one is gone.
    mutating func step() throws(BenchmarkError) {
        let bytes = kind == .handshake ? Self.clientHello : Self.header
        var byte = position < bytes.count && kind != .body ? bytes[position] : UInt8(ascii: "a")
        position += 1
        var answer: UInt8 = 0
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        let isOpen = recv(descriptor, &answer, 1, flags) < 0 && errno == EAGAIN
        guard !isOpen || send(descriptor, &byte, 1, flags) < 0 else { return }
        close(descriptor)
        position = 0
        descriptor = try Self.connect(kind, port)
    }

    private static func connect(_ kind: Kind, _ port: UInt16) throws(BenchmarkError) -> Int32 {
        let descriptor = try LoadConnection(port: port).descriptor
        guard kind == .body else { return descriptor }
        let head = header + Array("\r\nContent-Length: 60000\r\n\r\n".utf8)
        guard send(descriptor, head, head.count, Int32(MSG_NOSIGNAL)) == head.count else {
            throw .system("send")
        }
        return descriptor
    }

    private static let header = Array("POST /api/v1/send-otp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: a".utf8)

    /// What a client of TLS says first.
    private static let clientHello: [UInt8] = {
        guard let context = SSL_CTX_new(TLS_client_method()), let session = SSL_new(context),
            let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem())
        else { return [] }
        defer {
            SSL_free(session)
            SSL_CTX_free(context)
        }
        SSL_set_bio(session, input, output)
        SSL_connect(session)
        var bytes = [UInt8](repeating: 0, count: 4096)
        return Array(bytes.prefix(max(0, Int(BIO_read(output, &bytes, Int32(bytes.count))))))
    }()
}
