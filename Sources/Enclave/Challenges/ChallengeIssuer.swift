import EnclaveLink

/// Makes challenges and opens them again: the only place where a code meets its seal.
struct ChallengeIssuer: Sendable {
    static let lifetimes = 1...600
    static let attemptLimits = 1...10
    /// Bytes of a workspace's or challenge's identifier.
    static let identifierLengths = 1...128
    /// Bytes of a contact: an e-mail address has at most 254 (RFC 5321 §4.5.3.1.3).
    static let contactLengths = 1...254

    let boot: BootIdentifier
    let sealer: Sealer
    let codes: CodeGenerator

    /// - Throws: `requestRefused` if anything is out of range.
    func make(_ request: MakeChallenge, now: EnclaveInstant) throws(EnclaveError) -> MadeChallenge {
        try check(request)
        let secret = ChallengeSecret(
            boot: boot, mode: request.mode, contact: request.contact, channel: request.channel,
            alphabet: request.format.alphabet, code: try codes.makeCode(request.format),
            createdAt: now.unixMilliseconds, expiresAt: now.unixMilliseconds + Int64(request.lifetime) * 1000,
            steadyExpiry: now.steadyMilliseconds + Int64(request.lifetime) * 1000, attemptLimit: request.attemptLimit)
        return MadeChallenge(
            sealed: try seal(secret, workspace: request.workspace, challenge: request.challenge),
            createdAt: secret.createdAt, expiresAt: secret.expiresAt,
            testCode: secret.mode == .test ? TestCode(secret.code.text) : nil)
    }

    /// - Throws: `sealRefused` if the blob is not that challenge of that workspace.
    func open(_ record: SealedRecord) throws(EnclaveError) -> ChallengeSecret {
        let content = try sealer.open(
            record.sealed, for: .challenge(workspace: record.workspace, record: record.record))
        do {
            return try FrameReader.decode(ChallengeSecret.self, from: content[...])
        } catch {
            throw EnclaveError(.sealRefused)
        }
    }

    /// - Throws: `requestRefused` for a live challenge, whose code never leaves the enclave but in its message;
    ///   `challengeNotAlive` if it expired or was made before this boot.
    func revealTestCode(_ request: RevealTestCode, now: EnclaveInstant) throws(EnclaveError) -> TestCode {
        let secret = try open(request.challenge)
        guard secret.mode == .test else { throw EnclaveError(.requestRefused) }
        guard isAlive(secret, now: now) else { throw EnclaveError(.challengeNotAlive) }
        return TestCode(secret.code.text)
    }

    func isAlive(_ secret: ChallengeSecret, now: EnclaveInstant) -> Bool {
        secret.boot == boot && now.steadyMilliseconds < secret.steadyExpiry
    }

    func seal(_ secret: ChallengeSecret, workspace: String, challenge: String) throws(EnclaveError) -> [UInt8] {
        do {
            var content = FrameWriter()
            content.write(secret)
            return try sealer.seal(
                content.finishBody(), for: .challenge(workspace: workspace, record: challenge))
        } catch {
            throw EnclaveError(.requestRefused)
        }
    }

    private func check(_ request: MakeChallenge) throws(EnclaveError) {
        guard
            Self.lifetimes.contains(request.lifetime), Self.attemptLimits.contains(request.attemptLimit),
            Self.identifierLengths.contains(request.workspace.utf8.count),
            Self.identifierLengths.contains(request.challenge.utf8.count),
            Self.contactLengths.contains(request.contact.value.utf8.count),
            (request.channel == .email) == (request.contact.kind == .email)
        else { throw EnclaveError(.requestRefused) }
    }
}
