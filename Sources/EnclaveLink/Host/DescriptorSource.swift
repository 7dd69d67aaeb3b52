/// Why the host opened nothing: the system's `errno`.
public struct DescriptorRefusal: Error, Equatable, Sendable {
    public let status: Int32
    public init(status: Int32) { self.status = status }
}

/// A file that was opened in the inbox and is not visible to its readers yet.
public struct OpenedInboxFile: Sendable {
    /// Whoever gets this closes it.
    public let descriptor: Int32
    /// The file's name inside the inbox.
    public let name: String

    public init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }
}

/// Opens for the enclave what it cannot open itself. Calls block; the link makes them on threads of its own.
public protocol DescriptorSource: Sendable {
    /// Removes files that a host which was killed left unpublished. Called once, before the first enclave is started.
    func discardLeftovers()
    /// A connected stream. The link asks only for destinations that the enclave's greeting named.
    func openStream(to destination: Destination) throws(DescriptorRefusal) -> Int32
    /// The same to any destination, but only at an address of the public internet; `EACCES` where it has none.
    func openPublicStream(to destination: Destination) throws(DescriptorRefusal) -> Int32
    /// A new, empty file.
    func openInboxFile() throws(DescriptorRefusal) -> OpenedInboxFile
    /// Makes a written file visible, in one step and for good.
    func publishInboxFile(named name: String) throws(DescriptorRefusal)
    /// Removes a file that will not be published.
    func discardInboxFile(named name: String)
}

extension DescriptorSource {
    /// Nothing, for a source that keeps no files.
    public func discardLeftovers() {}
}
