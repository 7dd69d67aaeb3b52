import COpenSSLTLS
import Glibc

/// The files of a certificate and its key.
enum PEMFile {
    /// A chain of certificates is far below.
    private static let maximumLength = 256 * 1024

    /// The bytes of a file of moderate length.
    static func read(_ path: String) throws(TLSError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        _ = try status(descriptor, path)
        return try read(descriptor, path)
    }

    /// The private key in a file that not everybody may read.
    static func readKey(_ path: String) throws(TLSError) -> PrivateKey {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard try status(descriptor, path).st_mode & 0o007 == 0 else { throw .keyExposed(path) }
        var pem = try read(descriptor, path)
        defer { pem.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
        return try PrivateKey(pem: pem, of: path)
    }

    /// Of a file, and of nothing that could be waited for.
    private static func status(_ descriptor: Int32, _ path: String) throws(TLSError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(path, String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path, "it is no file") }
        return status
    }

    private static func read(_ descriptor: Int32, _ path: String) throws(TLSError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: maximumLength)
        var length = 0
        while length < bytes.count {
            let count = bytes[length...].withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw .unreadable(path, String(cString: strerror(errno))) }
            if count == 0 { break }
            length += count
        }
        guard length < bytes.count else { throw .unreadable(path, "it is longer than \(maximumLength) bytes") }
        defer { bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
        return Array(bytes[..<length])
    }
}

/// A private key in OpenSSL's memory.
final class PrivateKey {
    let pointer: OpaquePointer

    /// Takes the key over.
    init(taking pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// - Throws: `noKey`; `keyEncrypted` where it needs a passphrase.
    init(pem: [UInt8], of path: String) throws(TLSError) {
        ERR_clear_error()
        guard let bio = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { throw .library("no memory") }
        defer { BIO_free(bio) }
        // Without a callback OpenSSL asks for the passphrase on the terminal, and waits.
        let refusal: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
            _, _, _, _ in -1
        }
        guard let pointer = PEM_read_bio_PrivateKey(bio, nil, refusal, nil) else {
            let isEncrypted = pem.split(separator: UInt8(ascii: "\n")).contains {
                String(decoding: $0, as: UTF8.self).contains("ENCRYPTED")
            }
            ERR_clear_error()
            throw isEncrypted ? .keyEncrypted(path) : .noKey(path)
        }
        self.pointer = pointer
    }

    deinit { EVP_PKEY_free(pointer) }
}
