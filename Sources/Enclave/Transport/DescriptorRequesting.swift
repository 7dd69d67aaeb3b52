/// What the enclave asks of the host, because it can open nothing itself: a stream to a destination in the enclave's
/// own configuration, or a file in the inbox. Every call blocks the calling thread until the host has answered or
/// the deadline has passed.
public protocol DescriptorRequesting: Sendable {
    /// A TCP stream that the host has connected.
    ///
    /// - Parameters:
    ///   - host: the destination's name, exactly as it stands in the enclave's configuration.
    ///   - port: the destination's TCP port.
    ///   - deadline: when to give up.
    /// - Returns: the descriptor, which the caller owns and closes.
    /// - Throws: ``DescriptorError`` if there will be no stream.
    func openStream(host: String, port: UInt16, deadline: ContinuousClock.Instant) throws(DescriptorError) -> Int32

    /// A new, empty file in the inbox, open for writing and not yet visible to readers of the inbox.
    func openInboxFile(deadline: ContinuousClock.Instant) throws(DescriptorError) -> InboxFile

    /// Makes a written inbox file visible to readers, in one step. The caller has written and synced it before.
    func publishInboxFile(_ identifier: UInt64, deadline: ContinuousClock.Instant) throws(DescriptorError)
}
