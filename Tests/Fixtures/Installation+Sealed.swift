import EnclaveLink
import Foundation
import JOSE
import Passcodes
import SealedPasscodes
import Workspaces

extension Installation {
    /// The key that clients of a flow pin for target bundles.
    public func pinnedKey(_ mode: ChallengeMode = .live) throws -> P256PublicKey {
        guard let keys = signingKeys.pinned(.enclave(mode)) else { throw PasscodeError.unavailable("no keys") }
        return try P256PublicKey(uncompressedHexadecimal: keys.current)
    }

    @discardableResult
    public func sendSealed(
        _ workspace: Workspace, to contact: String = number, flow: SealedFlow = .turnkey, mode: ChallengeMode = .live,
        asker: SealedSendRequest.Asker = .backEnd, network: String? = nil,
        _ change: (inout SealedSendRequest) -> Void = { _ in }
    ) async throws -> SealedDispatch {
        guard let application = ApplicationName("Test") else { throw PasscodeError.unavailable("no name") }
        var request = SealedSendRequest(
            identifier: RandomIdentifier.uuid(), flow: flow, contact: try Contact(contact), channel: nil,
            application: application, asker: asker)
        change(&request)
        return try await challenges.sendSealed(request, for: caller(workspace, mode, network: network))
    }

    /// Tries a code as `client` seals it.
    public func attempt(
        _ dispatch: SealedDispatch, code: String, _ workspace: Workspace, flow: SealedFlow = .turnkey,
        mode: ChallengeMode = .live, client: SealedClient, tokenLifetime: Int? = nil,
        through challenges: Challenges? = nil
    ) async throws -> Verification {
        let signers = workspace.sealedMode == .test ? ChallengeMode.test : mode
        let sealed = try client.seal(
            code, to: dispatch, flow: flow, pinned: try pinnedKey(signers), now: time.now.unixMilliseconds)
        return try await attempt(
            dispatch, sealed, workspace, flow: flow, mode: mode, tokenLifetime: tokenLifetime, through: challenges)
    }

    public func attempt(
        _ dispatch: SealedDispatch, _ sealed: SealedAttempt, _ workspace: Workspace, flow: SealedFlow = .turnkey,
        mode: ChallengeMode = .live, tokenLifetime: Int? = nil, through challenges: Challenges? = nil
    ) async throws -> Verification {
        try await (challenges ?? self.challenges).attemptSealed(
            SealedAttemptRequest(
                challenge: dispatch.identifier, flow: flow, attempt: sealed, tokenLifetime: tokenLifetime),
            for: caller(workspace, mode))
    }

    /// How an attempt ends.
    public func verifySealed(
        _ dispatch: SealedDispatch, code: String, _ workspace: Workspace, flow: SealedFlow = .turnkey,
        mode: ChallengeMode = .live, client: SealedClient? = nil
    ) async throws -> VerificationResult {
        let client = try client ?? SealedClient()
        return try await Self.result {
            try await attempt(dispatch, code: code, workspace, flow: flow, mode: mode, client: client)
        }
    }

    /// The code that a sealed challenge was sent with, or answered with in test mode.
    public func code(of dispatch: SealedDispatch) throws -> String {
        let sent = mail.messages.last { $0.challenge == dispatch.identifier }?.code
        guard let code = sent ?? dispatch.testCode?.value else { throw PasscodeError.unavailable("no code") }
        return code
    }

    /// The whole way to a verification token.
    public func verificationToken(
        _ workspace: Workspace, contact: String = number, flow: SealedFlow = .turnkey, mode: ChallengeMode = .live,
        client: SealedClient
    ) async throws -> VerificationToken {
        let dispatch = try await sendSealed(workspace, to: contact, flow: flow, mode: mode)
        return try await attempt(
            dispatch, code: try code(of: dispatch), workspace, flow: flow, mode: mode, client: client
        ).token
    }

    /// How a call ends, with the error's code and what is left.
    public static func result(_ attempt: () async throws -> Verification) async throws -> VerificationResult {
        do {
            _ = try await attempt()
            return .verified
        } catch let error as PasscodeError {
            return .refused(error.code, remaining: error.attemptsRemaining)
        }
    }
}

extension VerificationToken {
    /// What the token says, unchecked.
    public func claims() throws -> JSONValue {
        let parts = value.split(separator: ".")
        guard parts.count == 3 else { throw PasscodeError.unavailable("no token") }
        return try JSONValue(parsing: try Base64URL.decode(String(parts[1])))
    }

    /// Its own name, which the client's messages have to name: `id` in the dialect, `jti` in our own flow.
    public func identifier() throws -> String {
        let claims = try claims()
        return (claims["id"] ?? claims["jti"])?.text ?? ""
    }
}
