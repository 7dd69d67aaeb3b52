import EnclaveLink

/// What a sealed challenge holds. Workspace, identifier and boot are not in it: it opens only for them.
struct ChallengeSecret: Sendable {
    let mode: ChallengeMode
    let contact: ContactAddress
    /// Over which the code may go out.
    let channels: [Channel]
    let alphabet: CodeAlphabet
    let code: Passcode
    let createdAt: Int64
    let expiresAt: Int64
    /// The expiry on this boot's steady clock, in milliseconds.
    let steadyExpiry: Int64
    let attemptLimit: Int
    /// Nil for a challenge whose attempts come in the clear.
    let target: SealedTargetSecret?
    /// What the token says besides the contact.
    var claims: ChallengeClaims?

    /// The challenge's name in the ledger.
    func digest(at record: SealedRecord) -> ChallengeDigest {
        ChallengeDigest(workspace: record.workspace, challenge: record.record, expiry: steadyExpiry)
    }
}

extension ChallengeSecret: FrameCodable {
    func encode(into frame: inout FrameWriter) {
        frame.write(mode)
        frame.write(contact)
        frame.write(list: channels)
        frame.write(alphabet)
        frame.write(code)
        frame.write(target)
        frame.write(claims)
        frame.write(createdAt)
        frame.write(expiresAt)
        frame.write(steadyExpiry)
        frame.write(Int64(attemptLimit))
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        mode = try frame.read()
        contact = try frame.read()
        channels = try frame.readList(limit: Channel.allCases.count)
        alphabet = try frame.read()
        code = try frame.read()
        target = try frame.readOptional()
        claims = try frame.readOptional()
        createdAt = try frame.read()
        expiresAt = try frame.read()
        steadyExpiry = try frame.read()
        attemptLimit = Int(try frame.read(Int64.self))
    }
}

extension Passcode: FrameCodable {
    func encode(into frame: inout FrameWriter) { withCharacters { frame.write(secret: $0) } }
    init(from frame: inout FrameReader) throws(FrameError) { self.init(characters: try frame.readBytes()) }
}
