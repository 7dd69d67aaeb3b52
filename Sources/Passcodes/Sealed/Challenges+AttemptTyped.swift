import Crypto
import EnclaveLink
import SealedPasscodes
import Storage
import Workspaces

extension Challenges {
    /// Tries a code that a person typed into a page of this server's own, which runs no script and so cannot seal it. It
    /// is sealed here and tried as any other. Returns the contact that it proves; the verification token goes nowhere.
    ///
    /// Throws what `attemptSealed` throws, `codeExpired` also for a challenge whose target's signer was replaced.
    public func attempt(
        _ code: PresentedCode, at challenge: String, purpose: PasscodePurpose, for caller: PasscodeCaller
    ) async throws(PasscodeError) -> ContactAddress {
        let caller = caller.inSealedFlow
        let target = try await target(of: challenge, purpose: purpose, for: caller)
        var request = SealedAttemptRequest(
            challenge: challenge, flow: .countersign, attempt: try Self.seal(code, to: target),
            tokenLifetime: VerificationTokenRequest.lifetimes.lowerBound)
        request.purpose = purpose
        let verification = try await attemptSealed(request, for: caller)
        return try verification.token.claimedContact(.countersign)
    }

    private func target(
        of challenge: String, purpose: PasscodePurpose, for caller: PasscodeCaller
    ) async throws(PasscodeError) -> P256PublicKey {
        let bundle = try await database.read(throwing: PasscodeError.self) { transaction in
            guard let found = try Challenge.find(challenge, workspace: caller.workspace.id, in: transaction),
                found.flow == .countersign, found.purpose == purpose, found.mode == caller.mode
            else { throw PasscodeError.challengeUnknown() }
            return found.targetBundle
        }
        guard let pinned = signingKeys.pinned(.enclave(caller.mode)) else { throw .unavailable("no keys yet") }
        do throws(SealedPasscodeError) {
            return try TargetToken(
                bundle, pinned: P256PublicKey(uncompressedHexadecimal: pinned.current), challenge: challenge,
                now: clock.now()
            ).content.target
        } catch {
            throw .codeExpired()
        }
    }

    /// The token is bound to a key that nobody keeps.
    private static func seal(
        _ code: PresentedCode, to target: P256PublicKey
    ) throws(PasscodeError) -> SealedAttempt {
        do throws(SealedPasscodeError) {
            let key = try P256PublicKey(point: Array(P256.Signing.PrivateKey().publicKey.x963Representation))
            return try SealedAttempt.seal(AttemptContent(code: cut(code), publicKey: key), to: target)
        } catch {
            throw .unavailable("sealing: \(error.code)")
        }
    }

    /// A text that is too long to be sealed is no code, and neither is its beginning.
    private static func cut(_ code: PresentedCode) -> String {
        String(decoding: code.value.utf8.prefix(64), as: UTF8.self)
    }
}
