import EnclaveLink
import SealedPasscodes

/// Makes sealed challenges: a code, a target key of their own, and the signed bundle that tells it to the client.
struct SealedChallengeIssuer: Sendable {
    /// More guesses than this no sealed challenge has, whatever the host asks for.
    static let attemptLimits = 1...3

    let issuer: ChallengeIssuer
    let keys: SigningKeyRing

    /// - Throws: `requestRefused` if anything is out of range or a sandbox's code is asked for outside a sandbox;
    ///   `keyRefused` unless the key is loaded for bundles of the challenge's mode.
    func make(
        _ request: MakeChallenge, _ target: SealedTarget, now: EnclaveInstant
    ) throws(EnclaveError) -> MadeChallenge {
        try check(request, target)
        let signer = try keys.key(target.keyIdentifier, for: .enclave(request.mode))
        let format = target.usesSandboxCode ? Self.sandboxFormat : request.format
        let code = target.usesSandboxCode ? Self.sandboxCode : try issuer.codes.makeCode(format)
        let (key, publicKey) = try TargetKey.make(issuer.codes.randomness)
        let secret = SealedTargetSecret(
            flow: target.flow, organization: target.organization, isDecoy: target.isDecoy, key: key)
        var made = try issuer.make(request, code: code, alphabet: format.alphabet, target: secret, now: now)
        made.targetBundle = try bundle(
            TargetBundle.Content(
                target: publicKey, organization: target.organization, challenge: request.challenge,
                expiresAt: made.expiresAt),
            for: target, signedBy: signer)
        return made
    }

    private func bundle(
        _ content: TargetBundle.Content, for target: SealedTarget, signedBy signer: SigningKey
    ) throws(EnclaveError) -> String {
        switch target.flow {
        case .turnkey:
            let data = content.json
            guard let key = try? P256PublicKey(point: signer.publicKey.uncompressedPoint) else {
                throw EnclaveError(.keyRefused)
            }
            return TargetBundle(data: data, signature: try signer.signDER(data), signer: key).text
        case .countersign:
            return try signer.signCompact(
                type: TargetToken.type, payload: TargetToken.payload(content, issuer: target.issuer))
        }
    }

    private func check(_ request: MakeChallenge, _ target: SealedTarget) throws(EnclaveError) {
        guard
            Self.attemptLimits.contains(request.attemptLimit),
            IdentityTokenRequest.nameLengths.contains(target.issuer.utf8.count),
            IdentityTokenRequest.nameLengths.contains(target.organization.utf8.count),
            !target.usesSandboxCode
                || request.mode == .test && ContactAddress.sandboxContacts.contains(request.contact)
        else { throw EnclaveError(.requestRefused) }
    }

    private static let sandboxFormat = CodeFormat(alphabet: .digits, length: 6)
    private static var sandboxCode: Passcode { Passcode(characters: Array("000000".utf8)) }
}
