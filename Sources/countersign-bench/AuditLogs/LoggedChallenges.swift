import AuditLog

/// Entries as a workspace writes them that sends codes: four for each challenge.
struct LoggedChallenges {
    static let entriesEach = 4
    /// How many people are written to, in turn.
    private static let people = 100_000

    let workspace: String

    /// The record that the entries of a challenge have.
    func record(_ number: Int) -> String { "otp_\(number.padded(to: 22))" }

    /// Whom a challenge is sent to.
    func person(_ number: Int) -> AuditPerson { AuditPerson(contactDigest: digest(number)) }

    func entries(_ number: Int) -> [AuditEntry] {
        let origin = RequestOrigin(
            principal: .key("key_8f2kd03hq71m"), request: "req_\(number.padded(to: 22))",
            address: "203.0.113.7:\(1024 + number % 60_000)", userAgent: "Mozilla/5.0 (X11; Linux x86_64)")
        let contact = "person-\(number % Self.people)@example.com"
        let subject = AuditSubject(digest: digest(number), contact: contact)
        let actions: [AuditAction] = [
            .challengeCreated, .challengeDispatched, .challengeAttempted, .challengeVerified,
        ]
        return actions.enumerated().map { position, action in
            AuditEntry(
                workspace: workspace, time: WallTime.milliseconds, action: action, record: record(number),
                origin: position.isMultiple(of: 2) ? origin : origin.again,
                subject: position == 0 ? subject : AuditSubject(digest: subject.digest),
                detail: action == .challengeCreated ? "email" : "")
        }
    }

    private func digest(_ number: Int) -> [UInt8] {
        let bytes = withUnsafeBytes(of: UInt64(number % Self.people).bigEndian) { Array($0) }
        return bytes + bytes + bytes + bytes
    }
}

extension Int {
    /// With zeros in front.
    fileprivate func padded(to width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
