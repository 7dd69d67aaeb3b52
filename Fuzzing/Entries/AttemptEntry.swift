import Enclave
import EnclaveLink
import Fixtures

/// A life with one challenge after the other: each byte is something that somebody does.
///
/// Promises: a code verifies at most once, none after its limit of wrong ones, none after its time, none of an earlier boot,
/// and a seal that was touched never.
enum AttemptEntry {
    static func run(_ bytes: [UInt8]) async throws {
        var life = try await Life()
        for byte in bytes.prefix(64) { try await life.take(byte) }
    }
}

private struct Life {
    private static let attemptLimit = 3
    private static let lifetime = 600
    private static let keys = KeyedEnclave()

    private let enclave: InProcessEnclave
    private let time: ManualTime
    private let key: String
    private var record: SealedRecord
    private var code: String
    private var isSpent = false
    private var wrong = 0
    private var age = 0

    init() async throws {
        (enclave, time, key) = try await Self.keys.current()
        (record, code) = try await Self.make(enclave)
    }

    mutating func take(_ byte: UInt8) async throws {
        switch byte % 8 {
        case 0:
            (record, code) = try await Self.make(enclave)
            (isSpent, wrong, age) = (false, 0, 0)
        case 1, 2: try await tryRight()
        case 3, 4: try await tryWrong()
        case 5: try await tryTouched(at: Int(byte / 8))
        case 6:
            time.advance(seconds: Int(byte) * 4)
            age += Int(byte) * 4
        default: try await tryRight(workspace: "ws_2")
        }
    }

    private mutating func tryRight(workspace: String? = nil) async throws {
        var record = record
        if let workspace { record = SealedRecord(workspace: workspace, record: record.record, sealed: record.sealed) }
        guard try await attempt(record, code) else { return }
        try promise(workspace == nil, "a challenge of another workspace verified")
        try promise(!isSpent, "a code verified twice")
        try promise(wrong < Self.attemptLimit, "a code verified after \(wrong) wrong ones")
        try promise(age < Self.lifetime, "a code of \(age) s verified")
        isSpent = true
    }

    private mutating func tryWrong() async throws {
        let verified = try await attempt(record, code == "000000" ? "000001" : "000000")
        try promise(!verified, "a wrong code verified")
        wrong += 1
    }

    private func tryTouched(at place: Int) async throws {
        var sealed = record.sealed
        sealed[place * 7 % sealed.count] ^= 1
        let touched = SealedRecord(workspace: record.workspace, record: record.record, sealed: sealed)
        try promise(try await !attempt(touched, code), "a seal that was touched verified")
    }

    private func attempt(_ record: SealedRecord, _ code: String) async throws -> Bool {
        let token = IdentityTokenRequest(
            issuer: "https://id.example.com", audience: "ws_1", keyIdentifier: key, lifetime: 60)
        let outcome = try? await enclave.call(
            AttemptChallenge(challenge: record, code: PresentedCode(code), token: token))
        if case .verified = outcome { return true }
        return false
    }

    private static func make(_ enclave: InProcessEnclave) async throws -> (SealedRecord, String) {
        let name = "oe_\(UInt64.random(in: .min ... .max))"
        let contact = ContactAddress(kind: .email, value: "\(name)@example.com")
        let made = try await enclave.call(
            MakeChallenge(
                workspace: "ws_1", challenge: name, mode: .test, contact: contact, channels: [.email],
                format: CodeFormat(alphabet: .digits, length: 6), lifetime: lifetime, attemptLimit: attemptLimit))
        guard let code = made.testCode else { throw BrokenPromise(description: "no code of a test challenge") }
        return (SealedRecord(workspace: "ws_1", record: name, sealed: made.sealed), code.value)
    }
}

/// An enclave with a key for tokens, for some thousand lives: what it remembers of attempts would fill up.
private actor KeyedEnclave {
    private static let lives = 5000
    private var kept: (InProcessEnclave, ManualTime, String)?
    private var used = 0

    func current() async throws -> (InProcessEnclave, ManualTime, String) {
        used += 1
        if let kept, used % Self.lives != 0 { return kept }
        let time = ManualTime()
        let enclave = try InProcessEnclave(clock: time)
        let made = try await enclave.call(CreateSigningKey(purpose: .identityTest, algorithm: .es256))
        kept = (enclave, time, made.keyIdentifier)
        return (enclave, time, made.keyIdentifier)
    }
}
