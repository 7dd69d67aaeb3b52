import EnclaveLink

/// What a sealed challenge holds. Workspace and identifier are not in it: it opens only for them.
struct ChallengeSecret: Sendable {
    let boot: BootIdentifier
    let mode: ChallengeMode
    let contact: ContactAddress
    let channel: Channel
    let alphabet: CodeAlphabet
    let code: Passcode
    let createdAt: Int64
    let expiresAt: Int64
    /// The expiry on this boot's steady clock, in milliseconds.
    let steadyExpiry: Int64
    let attemptLimit: Int
}

extension ChallengeSecret: FrameCodable {
    func encode(into frame: inout FrameWriter) {
        frame.write(boot.bytes)
        frame.write(mode)
        frame.write(contact)
        frame.write(channel)
        frame.write(alphabet)
        frame.write(code.characters)
        frame.write(createdAt)
        frame.write(expiresAt)
        frame.write(steadyExpiry)
        frame.write(Int64(attemptLimit))
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            boot: BootIdentifier(bytes: try frame.readBytes()), mode: try frame.read(), contact: try frame.read(),
            channel: try frame.read(), alphabet: try frame.read(),
            code: Passcode(characters: try frame.readBytes()), createdAt: try frame.read(),
            expiresAt: try frame.read(), steadyExpiry: try frame.read(),
            attemptLimit: Int(try frame.read(Int64.self)))
    }
}
