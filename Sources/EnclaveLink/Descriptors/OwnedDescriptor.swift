import Glibc

/// A file descriptor that is closed when the last owner lets go, so that no thread uses a number that was reused.
public final class OwnedDescriptor: Sendable {
    public let number: Int32

    public init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// Ends a socket in both directions: whoever reads or writes it comes back.
    public func shutDown() { _ = Glibc.shutdown(number, Int32(SHUT_RDWR)) }

    /// From now on a send to this socket fails with `EAGAIN` once it has waited so long for room (SO_SNDTIMEO).
    /// - Returns: false if the descriptor is no socket.
    func limitSends(to limit: Duration) -> Bool {
        let parts = limit.components
        var time = timeval(tv_sec: Int(parts.seconds), tv_usec: Int(parts.attoseconds / 1_000_000_000_000))
        return setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size)) == 0
    }

    /// Writes everything, waiting as long as it takes, or on a socket with a send limit as long as `goesOn` says.
    /// - Parameters:
    ///   - headway: called whenever the other side took something.
    ///   - goesOn: asked after each wait of the send limit's length in which the other side took nothing.
    /// - Returns: false if the other side is gone, or was given up.
    public func sendAll(_ bytes: [UInt8], headway: () -> Void = {}, goesOn: () -> Bool = { false }) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let count = Glibc.send(number, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN, goesOn() { continue }
                guard count > 0 else { return false }
                headway()
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
