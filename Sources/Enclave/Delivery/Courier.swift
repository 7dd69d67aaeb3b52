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
    private let lanes: [String: MessageLane]

    /// - Parameters:
    ///   - settings: where messages go.
    ///   - descriptors: the host, which opens streams and inbox files.
    ///   - now: the time in messages' `Date`, and in signatures.
    /// - Throws: ``TransportError``; nothing runs then.
    init(
        settings: DeliverySettings, descriptors: any DescriptorRequesting, queueCapacity: Int = queueCapacity,
        now: @escaping @Sendable () -> WallTime = { .now }
    ) throws(TransportError) {
        rules = settings.customizationRules
        let crew = LaneCrew(
            composer: MailComposer(sender: rules.sender, now: now), descriptors: descriptors,
            queueCapacity: queueCapacity, now: now)
        var lanes: [MessageLane] = []
        if settings.usesInbox { lanes.append(try crew.inbox(writers: Self.inboxWriters)) }
        if let smtp = settings.smtp { lanes.append(try crew.lane(to: smtp)) }
        for service in settings.services { lanes.append(try crew.lane(to: service)) }
        self.lanes = Dictionary(lanes.map { ($0.provider, $0) }) { first, _ in first }
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
        guard let lane = lanes[message.provider] else {
            return completion(.failed(.inboxUnavailable, by: message.provider))
        }
        guard message.contact.isDeliverable else { return completion(.failed(.recipientRefused, by: lane.provider)) }
        lane.accept(message, deadline: deadline, completion: completion)
    }
}
