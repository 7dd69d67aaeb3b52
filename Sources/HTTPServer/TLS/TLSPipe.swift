import COpenSSLTLS
import NIOCore

/// Where the encrypted bytes of a session come from and go to: two buffers in place of a socket.
final class TLSPipe {
    /// From the client, not read by OpenSSL yet.
    var arrived = ByteBuffer()
    /// Written by OpenSSL, for the client.
    var leaving = ByteBuffer()

    /// OpenSSL's view of the pipe. It does not keep the pipe alive.
    func makeBIO() -> OpaquePointer? {
        guard let method = Self.method.pointer, let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        return bio
    }

    private static func pipe(of bio: OpaquePointer?) -> TLSPipe? {
        BIO_get_data(bio).map { Unmanaged<TLSPipe>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let method = Method()

    /// Unchecked because it is a pointer: what it leads to is written in `init` alone.
    private final class Method: @unchecked Sendable {
        let pointer: OpaquePointer?

        init() {
            pointer = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "buffers")
            BIO_meth_set_create(pointer) { bio in
                BIO_set_init(bio, 1)
                return 1
            }
            BIO_meth_set_read(pointer) { bio, space, length in TLSPipe.read(bio, space, Int(length)) }
            BIO_meth_set_write(pointer) { bio, bytes, length in TLSPipe.write(bio, bytes, Int(length)) }
            BIO_meth_set_ctrl(pointer) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        }
    }

    private static func read(_ bio: OpaquePointer?, _ space: UnsafeMutablePointer<CChar>?, _ length: Int) -> Int32 {
        copenssl_clear_retry(bio)
        guard let pipe = pipe(of: bio), let space, length > 0, pipe.arrived.readableBytes > 0 else {
            copenssl_retry_read(bio)
            return -1
        }
        let target = UnsafeMutableRawBufferPointer(start: space, count: length)
        let count = pipe.arrived.readWithUnsafeReadableBytes { bytes in
            let count = min(bytes.count, target.count)
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            return (count, Int32(count))
        }
        // A connection that idles keeps no buffer.
        if pipe.arrived.readableBytes == 0 { pipe.arrived = ByteBuffer() }
        return count
    }

    private static func write(_ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ length: Int) -> Int32 {
        copenssl_clear_retry(bio)
        guard let pipe = pipe(of: bio), let bytes, length > 0 else { return 0 }
        pipe.leaving.writeBytes(UnsafeRawBufferPointer(start: bytes, count: length))
        return Int32(length)
    }
}
