import EnclaveLink
import SealedPasscodes

/// Makes challenges and opens them again: the only place where a code meets its seal.
struct ChallengeIssuer: Sendable {
    static let lifetimes = 1...600
    static let attemptLimits = 1...10
    /// Bytes of a workspace's or challenge's identifier.
    static let identifierLengths = 1...128
    /// Bytes of a contact: an e-mail address has at most 254 (RFC 5321 §4.5.3.1.3).
    static let contactLengths = 1...254

    let sealer: ChallengeSealer
    let codes: CodeGenerator

    /// Makes a challenge whose attempts come in the clear.
    /// - Throws: `requestRefused` if anything is out of range.
    func make(_ request: MakeChallenge, now: EnclaveInstant) throws(EnclaveError) -> MadeChallenge {
        guard request.target == nil else { throw EnclaveError(.requestRefused) }
        if let fixed = request.fixedCode {
            return try make(
                request, code: try Self.passcode(fixed, mode: request.mode), alphabet: .digits, target: nil, now: now)
        }
        return try make(
            request, code: codes.makeCode(request.format), alphabet: request.format.alphabet, target: nil, now: now)
    }

    /// A code that the host chose, and so knows: it must win no token that anybody trusts outside test.
    private static func passcode(_ fixed: TestCode, mode: ChallengeMode) throws(EnclaveError) -> Passcode {
        let characters = Array(fixed.value.utf8)
        guard mode == .test, CodeFormat.lengths.contains(characters.count),
            characters.allSatisfy(CodeAlphabet.digits.symbols.contains)
        else { throw EnclaveError(.requestRefused) }
        return Passcode(characters: characters)
    }

    /// Makes a challenge with a code and a target key that were chosen for it.
    /// - Throws: `requestRefused` if anything is out of range.
    func make(
        _ request: MakeChallenge, code: Passcode, alphabet: CodeAlphabet, target: SealedTargetSecret?,
        now: EnclaveInstant
    ) throws(EnclaveError) -> MadeChallenge {
        try check(request)
        let lifetime = Int64(request.lifetime) * 1000
        let secret = ChallengeSecret(
            mode: request.mode, contact: request.contact, channels: request.channels, alphabet: alphabet, code: code,
            createdAt: now.unixMilliseconds, expiresAt: now.unixMilliseconds + lifetime,
            steadyExpiry: now.steadyMilliseconds + lifetime, attemptLimit: request.attemptLimit, target: target,
            claims: request.claims)
        return MadeChallenge(
            sealed: try seal(secret, workspace: request.workspace, challenge: request.challenge),
            createdAt: secret.createdAt, expiresAt: secret.expiresAt,
            testCode: secret.mode == .test ? TestCode(code.text) : nil)
    }

    /// Nil for a challenge that was made before this boot: nobody can open it any more.
    /// - Throws: `sealRefused` if the blob is not that challenge of that workspace.
    func open(_ record: SealedRecord) throws(EnclaveError) -> ChallengeSecret? {
        guard var content = try sealer.open(record) else { return nil }
        defer { content.wipe() }
        do {
            return try FrameReader.decode(ChallengeSecret.self, from: content[...])
        } catch {
            throw EnclaveError(.sealRefused)
        }
    }

    /// - Throws: `requestRefused` for a live challenge, whose code never leaves the enclave but in its message;
    ///   `challengeNotAlive` if it expired or was made before this boot.
    func revealTestCode(_ request: RevealTestCode, now: EnclaveInstant) throws(EnclaveError) -> TestCode {
        guard let secret = try open(request.challenge) else { throw EnclaveError(.challengeNotAlive) }
        guard secret.mode == .test else { throw EnclaveError(.requestRefused) }
        guard isAlive(secret, now: now) else { throw EnclaveError(.challengeNotAlive) }
        return TestCode(secret.code.text)
    }

    func isAlive(_ secret: ChallengeSecret, now: EnclaveInstant) -> Bool {
        now.steadyMilliseconds < secret.steadyExpiry
    }

    func seal(_ secret: ChallengeSecret, workspace: String, challenge: String) throws(EnclaveError) -> [UInt8] {
        var writer = FrameWriter(capacity: 1024)
        writer.write(secret)
        guard var content = try? writer.finishBody() else { throw EnclaveError(.requestRefused) }
        defer { content.wipe() }
        return try sealer.seal(content, workspace: workspace, challenge: challenge)
    }

    private func check(_ request: MakeChallenge) throws(EnclaveError) {
        guard
            Self.lifetimes.contains(request.lifetime), Self.attemptLimits.contains(request.attemptLimit),
            Self.identifierLengths.contains(request.workspace.utf8.count),
            Self.identifierLengths.contains(request.challenge.utf8.count),
            Self.contactLengths.contains(request.contact.value.utf8.count),
            !request.channels.isEmpty, Set(request.channels).count == request.channels.count,
            request.channels.allSatisfy({ ($0 == .email) == (request.contact.kind == .email) }),
            request.claims.map(\.isWellFormed) ?? true
        else { throw EnclaveError(.requestRefused) }
    }
}
