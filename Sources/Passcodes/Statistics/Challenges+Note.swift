import EnclaveLink

extension Challenges {
    /// Something that happened to a code or to one of its messages, of which guard and statistics must know.
    enum Note: Sendable {
        /// A message may go out.
        case sent
        /// What its provider said of a message.
        case accepted, delivered, failed
        case verified
    }

    /// Tells guard and statistics what happened, after it was committed. Of a message with the channel and the provider that
    /// brings it; of a verified code with those of its last message, where they are known.
    func note(_ note: Note, of challenge: Challenge, channel: Channel? = nil, provider: String? = nil) {
        guard challenge.mode == .live, !challenge.isDecoy else { return }
        let now = clock.now()
        let event: StatisticsEvent =
            switch note {
            case .sent: .sent
            case .accepted: .accepted
            case .delivered: .delivered
            case .failed: .failed
            case .verified: .verified(after: max(0, now - (challenge.sentAt ?? challenge.createdAt)))
            }
        statistics.note(event, of: challenge, channel: channel ?? challenge.channel, provider: provider)
        if note == .verified { watch.verify(challenge, now: now) }
    }

    /// Tells guard and statistics what is due every few seconds, and after it writes what they gathered.
    public func writeDown() async throws(PasscodeError) {
        try await guardJournal.write()
        try await statistics.write()
    }
}
