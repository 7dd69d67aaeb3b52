import Glibc

/// Opens TCP streams and files of a Maildir (maildir(5): `tmp`, `new`, `cur`).
public struct HostDescriptors: DescriptorSource {
    private let inbox: Maildir
    private let connector: StreamConnector

    /// - Parameters:
    ///   - inboxDirectory: the Maildir; it and its folders are made when the first message comes.
    ///   - connectTimeLimit: milliseconds for one stream, all addresses of the name together.
    public init(inboxDirectory: String, connectTimeLimit: Int = 5000) {
        inbox = Maildir(directory: inboxDirectory)
        connector = StreamConnector(timeLimit: connectTimeLimit)
    }

    public func discardLeftovers() { inbox.empty() }

    public func openStream(to destination: Destination) throws(DescriptorRefusal) -> Int32 {
        try connector.connect(to: destination)
    }

    public func openPublicStream(to destination: Destination) throws(DescriptorRefusal) -> Int32 {
        try connector.connect(to: destination) { $0.isPublic }
    }

    public func openInboxFile() throws(DescriptorRefusal) -> OpenedInboxFile { try inbox.open() }

    public func publishInboxFile(named name: String) throws(DescriptorRefusal) { try inbox.publish(name) }

    public func discardInboxFile(named name: String) { inbox.discard(name) }
}

extension DescriptorRefusal {
    /// What the last system call said.
    static var last: Self { Self(status: errno) }
}
