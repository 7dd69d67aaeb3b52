import Glibc

/// The name of a Unix socket (unix(7)): a path, or after `@` a name in Linux's abstract namespace.
public struct UnixSocketAddress: Sendable {
    private var address = sockaddr_un()
    private let length: socklen_t

    /// Nil where the name is empty or longer than the 107 bytes that Linux has room for.
    public init?(_ name: String) {
        var bytes = Array(name.utf8)
        guard !bytes.isEmpty, bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else {
            return nil
        }
        let isAbstract = bytes[0] == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        // An abstract name has no end but its length.
        let used = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
        length = socklen_t(used)
    }

    /// Gives the address to a system call such as bind(2), connect(2) or sendto(2).
    public func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
