import EnclaveLink

/// What has become of a passcode.
public enum PasscodeStatus: String, CaseIterable, Sendable {
    /// A message is on its way to a provider, or none went out, as in test.
    case pending
    /// A provider took a message.
    case sent
    /// A provider says that a message arrived.
    case delivered
    /// No message got through.
    case failed
    case verified
    /// Its time is over.
    case expired
    /// All attempts are used.
    case locked
    case canceled
}

extension PasscodeStatus {
    /// How a code ended counts before what became of its messages, and of those the one that got furthest.
    ///
    /// - Parameters:
    ///   - usedAttempts: counted ones.
    ///   - isLost: whether the enclave that made it is gone, which no code outlives.
    ///   - now: Unix milliseconds.
    init(of challenge: Challenge, usedAttempts: Int, deliveries: [Delivery], isLost: Bool, now: Int64) {
        let states = Set(deliveries.map(\.state))
        let furthest: Self =
            if states.contains(.delivered) {
                .delivered
            } else if states.contains(.sent) {
                .sent
            } else { states == [.failed] ? .failed : .pending }
        self =
            switch challenge.state {
            case .verified: .verified
            case .canceled: .canceled
            case .locked: .locked
            case .pending where usedAttempts >= challenge.attemptLimit: .locked
            case .pending where challenge.expiresAt > now && !isLost: furthest
            case .pending, .expired: furthest == .failed ? .failed : .expired
            }
    }
}

/// A passcode as whoever sent it may see it.
public struct PasscodeRecord: Sendable {
    public let identifier: String
    public let status: PasscodeStatus
    public let attemptsRemaining: Int
    /// Unix milliseconds.
    public let createdAt: Int64
    public let expiresAt: Int64
    /// Oldest first.
    public let deliveries: [Delivery]
    /// The channel of the message that got furthest; where none went out, the first of the route.
    public let channel: Channel
    /// As its sender gave it.
    public let metadata: PasscodeMetadata?
}

extension PasscodeRecord {
    init(_ challenge: Challenge, usedAttempts: Int, deliveries: [Delivery], isLost: Bool, now: Int64) {
        status = PasscodeStatus(
            of: challenge, usedAttempts: usedAttempts, deliveries: deliveries, isLost: isLost, now: now)
        identifier = challenge.id
        attemptsRemaining = challenge.state == .pending && !isLost ? max(0, challenge.attemptLimit - usedAttempts) : 0
        createdAt = challenge.createdAt
        expiresAt = challenge.expiresAt
        self.deliveries = deliveries
        metadata = PasscodeMetadata(stored: challenge.metadata)
        let furthest = [Delivery.State.delivered, .sent, .pending, .failed].lazy
            .compactMap { state in deliveries.last { $0.state == state } }.first
        channel = furthest?.channel ?? challenge.channel
    }
}
