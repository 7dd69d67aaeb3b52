import Glibc
import Storage

/// Bytes of the kernel's generator.
enum Random {
    /// - Parameter count: up to 256, which come in one piece from one call (getentropy(3)).
    static func bytes(_ count: Int) throws(StorageError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard getentropy(&bytes, count) == 0 else {
            throw StorageError(.unavailable, reason: "the kernel gives no random bytes")
        }
        return bytes
    }
}
