import EnclaveLink

/// What the enclave asks of the host, because it can open nothing itself: a stream, or a file in the inbox. Every call blocks the calling thread until the host has answered or
/// the deadline has passed.
public protocol DescriptorRequesting: Sendable {
    /// A TCP stream that the host has connected.
    ///
    /// - Parameters:
    ///   - destination: a provider's exactly as it stands in the enclave's configuration, or a receiver's.
    ///   - deadline: when to give up.
    /// - Returns: the descriptor, which the caller owns and closes.
    /// - Throws: ``DescriptorError`` if there will be no stream.
    func openStream(
        to destination: Destination, for use: StreamUse, deadline: ContinuousClock.Instant
    ) throws(DescriptorError) -> Int32

    /// A new, empty file in the inbox, open for writing and not yet visible to readers of the inbox.
    func openInboxFile(deadline: ContinuousClock.Instant) throws(DescriptorError) -> InboxFile

    /// Makes a written inbox file visible to readers, in one step. The caller has written and synced it before.
    func publishInboxFile(_ identifier: UInt64, deadline: ContinuousClock.Instant) throws(DescriptorError)
}

/// What a stream is for, which decides where the host lets it lead.
public enum StreamUse: Sendable {
    /// To a destination in the enclave's own configuration.
    case provider
    /// To a webhook's receiver: to public addresses only, unless the enclave's configuration says otherwise.
    case webhook
}
