import CLinux
import Glibc

/// The host's answer to a request for a descriptor, with the descriptor itself where there is one: 12 bytes over a
/// socket of their own, because a descriptor must not travel between frames.
public struct DescriptorMessage: Equatable, Sendable {
    static let length = 12
    /// The first message to an enclave that listens: it brings the socket over which all others come.
    public static let passing = DescriptorMessage(identifier: 0, status: 0)

    /// The request that this answers.
    public let identifier: UInt64
    /// 0, or the `errno` that says why not.
    public let status: Int32

    public init(identifier: UInt64, status: Int32) {
        self.identifier = identifier
        self.status = status
    }

    /// - Parameter descriptor: sent along; the caller still owns it.
    /// - Returns: false if the other side is gone.
    public func send(over socket: OwnedDescriptor, descriptor: Int32? = nil) -> Bool {
        var bytes: [UInt8] = []
        withUnsafeBytes(of: identifier.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: status.bigEndian) { bytes.append(contentsOf: $0) }
        return clinux_send_descriptor(socket.number, bytes, bytes.count, descriptor ?? -1) == bytes.count
    }

    /// Waits for the next message.
    /// - Returns: nil once the other side is gone or breaks the protocol. The caller owns the descriptor.
    public static func receive(over socket: OwnedDescriptor) -> (message: Self, descriptor: Int32?)? {
        var bytes = [UInt8](repeating: 0, count: length)
        var descriptor: Int32 = -1
        guard clinux_receive_descriptor(socket.number, &bytes, length, &descriptor) == length else {
            if descriptor >= 0 { close(descriptor) }
            return nil
        }
        var reader = FrameReader(bytes)
        guard let identifier: UInt64 = try? reader.read(), let status: Int32 = try? reader.read() else { return nil }
        return (Self(identifier: identifier, status: status), descriptor >= 0 ? descriptor : nil)
    }
}
