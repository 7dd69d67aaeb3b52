import EnclaveLink
import JOSE
import SealedPasscodes
import Synchronization
import Testing

@testable import Enclave

/// An in-process enclave with a key of every purpose, a letter box for what it delivers, and short ways through the
/// sealed flow.
struct SealedEnclave: Sendable {
    static let issuer = "https://id.example.com"
    static let address = "https://id.example.com/v1/sessions"
    static let contact = ContactAddress(kind: .phone, value: "+919876543210")
    static let format = CodeFormat(alphabet: .digits, length: 6)

    let clock = SettableClock()
    let enclave: WatchingHost
    let keys: [SigningKeyPurpose: CreatedSigningKey]
    private let letters = LetterBox()

    init(signing: any JobQueue = ImmediateJobs(), randomness: any RandomSource = SystemRandomness()) async throws {
        let masterKey = try #require(MasterKey(bytes: SystemRandomness().bytes(MasterKey.length)))
        enclave = try WatchingHost(
            EnclaveParts(
                masterKeys: MasterKeys(lasting: masterKey, newestKey: masterKey),
                keeper: MemoryKeeper(masterKey, randomness: SystemRandomness()), clock: clock, randomness: randomness,
                isolation: .none,
                courier: RecordingCourier { [letters] in letters.take($0) }, signing: signing))
        var keys: [SigningKeyPurpose: CreatedSigningKey] = [:]
        for purpose in SigningKeyPurpose.allCases {
            keys[purpose] = try await enclave.call(CreateSigningKey(purpose: purpose, algorithm: .es256))
        }
        self.keys = keys
    }

    func key(_ purpose: SigningKeyPurpose) throws -> CreatedSigningKey { try #require(keys[purpose]) }

    /// The key that clients of a mode pin.
    func pinned(_ mode: ChallengeMode = .live) throws -> P256PublicKey {
        try P256PublicKey(point: key(.enclave(mode)).publicPoint)
    }

    static func organization(_ flow: SealedFlow, _ workspace: String) -> String {
        flow == .turnkey ? "org-of-\(workspace)" : workspace
    }

    func target(_ flow: SealedFlow = .turnkey, mode: ChallengeMode = .live, workspace: String = "ws_1") throws
        -> SealedTarget
    {
        SealedTarget(
            flow: flow, keyIdentifier: try key(.enclave(mode)).keyIdentifier, issuer: Self.issuer,
            organization: Self.organization(flow, workspace), isDecoy: false, usesSandboxCode: false)
    }

    func makeRequest(
        _ challenge: String = "ch_1", flow: SealedFlow = .turnkey, mode: ChallengeMode = .live,
        workspace: String = "ws_1"
    ) throws -> MakeChallenge {
        MakeChallenge(
            workspace: workspace, challenge: challenge, mode: mode, contact: Self.contact, channels: [.sms],
            format: Self.format, lifetime: 300, attemptLimit: 3,
            target: try target(flow, mode: mode, workspace: workspace))
    }

    /// Makes a sealed challenge, checks its bundle as a client does, and reads its code where the person does.
    func make(
        _ challenge: String = "ch_1", flow: SealedFlow = .turnkey, mode: ChallengeMode = .live,
        workspace: String = "ws_1"
    ) async throws -> SealedChallenge {
        try await make(makeRequest(challenge, flow: flow, mode: mode, workspace: workspace))
    }

    func make(_ request: MakeChallenge) async throws -> SealedChallenge {
        let target = try #require(request.target)
        let made = try await enclave.call(request)
        let record = SealedRecord(workspace: request.workspace, record: request.challenge, sealed: made.sealed)
        let bundle = try #require(made.targetBundle)
        let content = try Self.content(
            bundle, flow: target.flow, pinned: pinned(request.mode), challenge: request.challenge, now: made.createdAt)
        return SealedChallenge(
            record: record, flow: target.flow, mode: request.mode, target: content.target, bundle: bundle,
            code: try await code(of: made, record, over: request.channels[0]), expiresAt: made.expiresAt)
    }

    static func content(
        _ bundle: String, flow: SealedFlow, pinned: P256PublicKey, challenge: String, now: Int64
    ) throws -> TargetBundle.Content {
        switch flow {
        case .turnkey:
            try TargetBundle(text: bundle).verified(pinned: pinned, challenge: challenge, now: now)
        case .countersign: try TargetToken(bundle, pinned: pinned, challenge: challenge, now: now).content
        }
    }

    private func code(of made: MadeChallenge, _ record: SealedRecord, over channel: Channel) async throws -> String {
        if let code = made.testCode { return code.value }
        let wording = MessageWording(application: "App", domain: nil, codeInSubject: false, validMinutes: 5)
        _ = try await enclave.call(
            DeliverChallenge(challenge: record, channel: channel, provider: "inbox", wording: wording, deadline: 5000))
        return letters.code(of: record.record)
    }

    func tokenRequest(_ challenge: SealedChallenge, _ identifier: String = "token-1") throws -> VerificationTokenRequest
    {
        let purpose: SigningKeyPurpose =
            challenge.flow == .turnkey ? .enclave(challenge.mode) : .session(challenge.mode)
        return VerificationTokenRequest(
            identifier: identifier, keyIdentifier: try key(purpose).keyIdentifier, issuer: Self.issuer,
            organization: Self.organization(challenge.flow, challenge.record.workspace), lifetime: 3600)
    }

    func attempt(_ challenge: SealedChallenge, _ attempt: SealedAttempt) async throws -> SealedAttemptOutcome {
        try await enclave.call(
            AttemptSealedChallenge(
                challenge: challenge.record, flow: challenge.flow, attempt: attempt, token: tokenRequest(challenge)))
    }

    func attempt(_ challenge: SealedChallenge, _ code: String, by client: SealedClient) async throws
        -> SealedAttemptOutcome
    {
        try await attempt(challenge, client.seal(code, to: challenge.target))
    }

    /// The token for a challenge's right code.
    func token(_ challenge: SealedChallenge, for client: SealedClient) async throws -> VerificationToken {
        try #require(try await attempt(challenge, challenge.code, by: client).token)
    }

    func scope(_ flow: SealedFlow = .turnkey, mode: ChallengeMode = .live, workspace: String = "ws_1") -> TokenScope {
        TokenScope(
            workspace: workspace, flow: flow, mode: mode, issuer: Self.issuer,
            organization: Self.organization(flow, workspace))
    }

    /// A new boot with the same keys, as after a crash.
    func restart() async throws {
        try enclave.restart()
        for (purpose, key) in keys {
            _ = try await enclave.call(
                LoadSigningKey(purpose: purpose, keyIdentifier: key.keyIdentifier, sealed: key.sealed))
        }
    }
}

/// A challenge as host, client and person know it together.
struct SealedChallenge: Sendable {
    var record: SealedRecord
    var flow: SealedFlow
    var mode: ChallengeMode
    var target: P256PublicKey
    var bundle: String
    var code: String
    var expiresAt: Int64

    /// A code of the same shape that is not the challenge's.
    var wrongCode: String { EnclaveUnderTest.wrong(code) }
}

extension SealedAttemptOutcome {
    var token: VerificationToken? {
        if case .verified(let token, _) = self { token } else { nil }
    }
}

/// Keeps what was delivered.
final class LetterBox: Sendable {
    private let codes = Mutex<[String: String]>([:])

    func take(_ delivered: DeliveredCode) -> DeliveryOutcome {
        codes.withLock { $0[delivered.challenge] = delivered.code }
        return .accepted(provider: "inbox")
    }

    func code(of challenge: String) -> String { codes.withLock { $0[challenge] ?? "" } }
}
