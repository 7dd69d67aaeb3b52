/// The envelope of a submitted activity.
struct ActivityRequest {
    /// Milliseconds that a request may be old, or early: a stamped body that somebody copied is worth nothing later.
    static let window: Int64 = 300_000

    let kind: ActivityKind
    /// As it was sent, for the answer.
    let type: String
    let organization: String
    let parameters: WireObject

    /// - Parameter now: Unix milliseconds.
    init(_ body: WireObject, _ kind: ActivityKind, now: Int64) throws(TurnkeyError) {
        self.kind = kind
        type = try body.text("type", lengths: 1...64)
        try kind.check(type: type)
        organization = try body.organization()
        guard let timestamp = try body.number("timestampMs", 0...Int64.max) else { throw .missing("timestampMs") }
        guard timestamp >= now - Self.window, timestamp - Self.window <= now else { throw .timestampOutOfRange }
        parameters = try body.object("parameters")
        // Asks for proofs that only the hosted service's hardware can make; clients read them where they are.
        _ = try body.flag("generateAppProofs")
    }
}

extension WireObject {
    /// The organization that a stamped request is for.
    func organization() throws(TurnkeyError) -> String { try text("organizationId", lengths: 1...64) }
}

extension TurnkeyError {
    fileprivate static let timestampOutOfRange = TurnkeyError(
        .invalidArgument, .timestampOutOfRange, "timestampMs is more than 5 minutes from the server's time")
}
