import EnclaveLink
import Storage
import Workspaces

extension Challenges {
    /// Codes that are told of in one unit of work, so that nobody waits for it long, and units at a time: what is left
    /// over has its turn after everything else that is due.
    private static let expiryStep = 200
    private static let expiryUnits = 50

    /// Up to when sealed codes whose time is over may be emptied: those that are to be told of are found by their state.
    func toldUntil(now: Int64) -> Int64 { outbox == nil ? now : expiries.end(now: now) }

    /// Tells of the codes whose time is over, where somebody listens. Elsewhere nothing is written: that a code has
    /// expired is seen from its time.
    func tellExpired(now: Int64) async throws(PasscodeError) {
        guard let outbox else { return }
        let listening = try await database.read(throwing: PasscodeError.self) {
            try outbox.workspaces(listeningTo: .expired, in: $0)
        }
        var units = 0
        while let period = expiries.next(until: now), !Task.isCancelled {
            for workspace in listening {
                let expired = { () async throws(PasscodeError) in
                    try await tellExpired(in: workspace, after: period.after, until: period.until, now: now)
                }
                while try await expired() == Self.expiryStep {
                    units += 1
                    guard units < Self.expiryUnits else { return }
                }
            }
            expiries.finish(period.until)
        }
    }

    /// Returns of how many it told: of fewer than a step where these were the last.
    private func tellExpired(
        in workspace: String, after start: Int64, until end: Int64, now: Int64
    ) async throws(PasscodeError) -> Int {
        let expired = try await database.read(throwing: PasscodeError.self) { transaction in
            try Challenge.expired(
                workspace: workspace, after: start, until: end, count: Self.expiryStep, in: transaction)
        }
        if !expired.isEmpty {
            try await database.write(throwing: PasscodeError.self) { transaction in
                for id in expired where try Challenge.markExpired(id, workspace: workspace, in: transaction) {
                    guard let challenge = try Challenge.find(id, workspace: workspace, in: transaction) else {
                        continue
                    }
                    // What was told as failed stays so.
                    let record = try self.record(challenge, now: now, in: transaction)
                    guard record.status == .expired else { continue }
                    try self.tell(.expired, of: challenge, at: now, in: transaction)
                }
            }
        }
        return expired.count
    }
}
