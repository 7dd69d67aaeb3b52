/// Why bytes are no frame, or a message fits into none.
public enum FrameError: Error, Equatable, Sendable {
    /// A frame or a field is longer than its limit.
    case tooLong
    /// The body ended inside a field.
    case truncated
    /// Bytes follow the last field.
    case trailingBytes
    /// A field holds a value that it cannot have: an unknown kind, text that is not UTF-8, a flag that is not 0 or 1.
    case invalidValue
}
