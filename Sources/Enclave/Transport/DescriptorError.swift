/// Why the host handed over no descriptor.
public enum DescriptorError: Error, Equatable, Sendable {
    /// The host answered that it does not open this destination, or has no inbox.
    case refused
    /// The destination's name did not resolve, or nothing accepted the connection.
    case unreachable
    /// The deadline passed first.
    case timedOut
    /// The host has gone, or answered with something other than a descriptor.
    case hostUnavailable
}
