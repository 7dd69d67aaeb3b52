import CCurl
import EnclaveLink
import Glibc

/// Delivers messages in the background, each by its deadline or not at all.
///
/// Each provider, and the inbox, has a bounded queue and a few worker threads (``Lane``).
final class Courier: Sendable {
    /// Messages that may wait for a worker, per lane.
    static let queueCapacity = 256
    /// Inbox files are small and local: two writers keep one slow `fsync` from holding up the next file.
    static let inboxWriters = 2

    /// What callers may change about messages.
    let rules: CustomizationRules
    private let mail: MessageLane?
    private let inbox: MessageLane?

    /// - Parameters:
    ///   - settings: where messages go.
    ///   - descriptors: the host, which opens streams and inbox files.
    ///   - now: the time in messages' `Date`.
    /// - Throws: ``TransportError``; nothing runs then.
    init(
        settings: DeliverySettings, descriptors: any DescriptorRequesting, queueCapacity: Int = queueCapacity,
        now: @escaping @Sendable () -> WallTime = { .now }
    ) throws(TransportError) {
        rules = settings.customizationRules
        let composer = MailComposer(sender: rules.sender, now: now)
        var writers: [InboxWriter] = []
        for _ in 0..<Self.inboxWriters { writers.append(InboxWriter(composer: composer, descriptors: descriptors)) }
        inbox =
            settings.usesInbox
            ? try MessageLane(provider: InboxWriter.providerName, capacity: queueCapacity, workers: writers) : nil
        guard let smtp = settings.smtp else {
            mail = nil
            return
        }
        let authorities = try TrustedAuthorities(smtp.certificateAuthorities)
        var connections: [SMTPConnection] = []
        for _ in 0..<smtp.connections {
            connections.append(
                try SMTPConnection(
                    settings: smtp, trusting: authorities, composer: composer, descriptors: descriptors))
        }
        mail = try MessageLane(
            provider: SMTPSettings.providerName, capacity: queueCapacity, workers: connections)
    }

    /// Reads everything that delivery would otherwise read later from files: OpenSSL's configuration, the time zone.
    /// Call it once, before the sandbox closes and before other threads start.
    static func warmUp() {
        // libcurl would write TLS session secrets to the file that this variable names.
        unsetenv("SSLKEYLOGFILE")
        curl_global_init(Int(CURL_GLOBAL_ALL))
        WallTime.loadTimeZone()
    }

    /// Delivers one message without blocking the caller.
    ///
    /// - Parameters:
    ///   - deadline: when to give up, the time in the queue included.
    ///   - completion: called exactly once, on another thread unless the message is refused at once.
    func deliver(
        _ message: OutgoingMessage, deadline: ContinuousClock.Instant,
        completion: @escaping @Sendable (DeliveryOutcome) -> Void
    ) {
        guard let lane = lane(of: message.provider) else {
            return completion(.failed(.inboxUnavailable, by: message.provider))
        }
        guard message.contact.isDeliverable else { return completion(.failed(.recipientRefused, by: lane.provider)) }
        lane.accept(message, deadline: deadline, completion: completion)
    }

    private func lane(of provider: String) -> MessageLane? {
        [mail, inbox].lazy.compactMap { $0 }.first { $0.provider == provider }
    }
}
