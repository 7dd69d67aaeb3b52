import EnclaveLink
import Storage

extension Challenges {
    /// Counts the messages of a send as they were settled.
    func note(_ deliveries: [Delivery], of challenge: Challenge) {
        // Nobody was asked to bring what was left out.
        for delivery in deliveries where delivery.reason != Delivery.leftOut {
            note(.sent, of: challenge, by: delivery)
            note(delivery.state == .sent ? .accepted : .failed, of: challenge, by: delivery)
        }
    }

    /// Counts what happened to a live code or to one of its messages.
    ///
    /// - Parameter delivery: the message that it is about, of a code the last one; nil where there is none.
    func note(_ event: StatisticsEvent, of challenge: Challenge, by delivery: Delivery?) {
        guard challenge.mode == .live, !challenge.isDecoy else { return }
        statistics.note(
            event, of: challenge, channel: delivery?.channel ?? challenge.channel, provider: delivery?.provider)
    }

    /// Tells guard and statistics of a verified code, and writes down that the number is its asker's, whether or not the
    /// guard is on: it may be tomorrow. Guard and figures are
    /// told within the unit of work: what they count once too often where it fails is lost among all that they count.
    func noteVerified(_ challenge: Challenge, in transaction: any Transaction) throws {
        let now = clock.now()
        if challenge.traits != nil {
            try KnownContact.remember(
                challenge.contact, workspace: challenge.workspace, now: now, in: transaction)
        }
        let delivery = try Delivery.all(of: challenge, in: transaction).last { $0.state != .failed }
        let after = max(0, now - (challenge.sentAt ?? challenge.createdAt))
        note(.verified(after: after), of: challenge, by: delivery)
        watch.verify(challenge, now: now)
    }

    /// Writes what guard and statistics gathered; due every few seconds.
    public func writeDown() async throws(PasscodeError) {
        try await guardJournal.write()
        try await statistics.write()
    }
}
