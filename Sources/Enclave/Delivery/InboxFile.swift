/// A file that the host opened in the inbox for one message.
public struct InboxFile: Equatable, Sendable {
    /// Open for writing; whoever holds this value owns it and closes it.
    public let descriptor: Int32
    /// The name under which the host knows the file.
    public let identifier: UInt64

    public init(descriptor: Int32, identifier: UInt64) {
        self.descriptor = descriptor
        self.identifier = identifier
    }
}
