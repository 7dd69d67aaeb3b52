import Glibc

/// A file descriptor that is closed when the last owner lets go, so that no thread uses a number that was reused.
public final class OwnedDescriptor: Sendable {
    public let number: Int32

    public init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// Ends a socket in both directions: whoever reads or writes it comes back.
    public func shutDown() { _ = Glibc.shutdown(number, Int32(SHUT_RDWR)) }

    /// Writes everything, waiting as long as it takes.
    /// - Returns: false if the other side is gone.
    public func sendAll(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let count = Glibc.send(number, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    /// Reads what is there, or waits for it.
    /// - Returns: nil at the end of the stream or on an error.
    public func receive(into buffer: UnsafeMutableRawBufferPointer) -> UnsafeRawBufferPointer? {
        while true {
            let count = Glibc.read(number, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            return UnsafeRawBufferPointer(rebasing: buffer[..<count])
        }
    }
}
