import Crypto
import EnclaveLink
import Fixtures
import Foundation
import Passcodes
import SealedPasscodes
import Testing
import Workspaces

@Suite("What was sealed")
struct AttemptContentTests {
    /// Seals any plaintext to a challenge's target key.
    private static func seal(
        _ plaintext: String, to dispatch: SealedDispatch, _ installation: Installation
    ) throws -> SealedAttempt {
        let target = try SealedClient.target(
            of: dispatch, flow: .turnkey, pinned: try installation.pinnedKey(),
            now: installation.time.now.unixMilliseconds
        ).target
        var sender = try HPKE.Sender(
            recipientKey: P256.KeyAgreement.PublicKey(x963Representation: target.uncompressed),
            ciphersuite: .P256_SHA256_AES_GCM_256, info: Data(SealedAttempt.information.utf8))
        let encapsulated = Array(sender.encapsulatedKey)
        let ciphertext = try sender.seal(
            Array(plaintext.utf8), authenticating: encapsulated + target.uncompressed)
        return try SealedAttempt(
            encapsulatedKey: P256PublicKey(point: encapsulated), ciphertext: Array(ciphertext))
    }

    private static func contents(code: String, key: P256PublicKey) -> [(String, PasscodeError.AttemptFault)] {
        [
            (" ", .malformedContent), ("[]", .malformedContent), (#"{"otp_code":"\#(code)"}"#, .malformedContent),
            (#"{"otp_code":1,"public_key":"\#(key.compressedHexadecimal)"}"#, .malformedContent),
            (#"{"otp_code":"\#(code)","public_key":"\#(key.uncompressedHexadecimal)"}"#, .uncompressedKey),
            (#"{"otp_code":"\#(code)","public_key":"02"}"#, .malformedKey),
            (#"{"otp_code":"\#(code)","public_key":"\#(String(repeating: "f", count: 66))"}"#, .malformedKey),
        ]
    }

    @Test("content that is no code and key is named, counted, and says how many attempts are left")
    func faults() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.recipientLimit = 0 }
        let key = try SealedClient().key
        for position in Self.contents(code: "", key: key).indices {
            let dispatch = try await installation.sendSealed(workspace)
            let code = try installation.code(of: dispatch)
            let (plaintext, fault) = Self.contents(code: code, key: key)[position]
            let attempt = try Self.seal(plaintext, to: dispatch, installation)
            for left in [2, 1, 0] {
                let result = try await Installation.result {
                    try await installation.attempt(dispatch, attempt, workspace)
                }
                #expect(result == .refused(.attemptRefused(fault), remaining: left), "\(plaintext)")
            }
            #expect(
                try await installation.verifySealed(dispatch, code: code, workspace)
                    == .refused(.tooManyAttempts, remaining: nil))
        }
    }

    @Test("an attempt sealed to another challenge's key is not opened, and counts")
    func otherTarget() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let client = try SealedClient()
        let one = try await installation.sendSealed(workspace)
        let other = try await installation.sendSealed(workspace)
        let attempt = try client.seal(
            try installation.code(of: one), to: other, flow: .turnkey, pinned: try installation.pinnedKey(),
            now: installation.time.now.unixMilliseconds)
        let result = try await Installation.result { try await installation.attempt(one, attempt, workspace) }
        #expect(result == .refused(.attemptRefused(.notOpened), remaining: 2))
    }

    @Test("an attempt that is sent again is one more attempt, and none is right twice")
    func replay() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let client = try SealedClient()
        let dispatch = try await installation.sendSealed(workspace)
        let attempt = try client.seal(
            try installation.code(of: dispatch), to: dispatch, flow: .turnkey, pinned: try installation.pinnedKey(),
            now: installation.time.now.unixMilliseconds)
        _ = try await installation.attempt(dispatch, attempt, workspace)
        await #expect(throws: PasscodeError.codeSpent()) {
            try await installation.attempt(dispatch, attempt, workspace)
        }
    }

    @Test("a code in Base32 is read without regard to case, and I L O as 1 1 0")
    func lenientReading() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.recipientLimit = 0 }
        for _ in 0..<20 {
            let dispatch = try await installation.sendSealed(workspace)
            let typed = try installation.code(of: dispatch).lowercased()
                .replacing("0", with: "o").replacing("1", with: "l")
            #expect(try await installation.verifySealed(dispatch, code: typed, workspace) == .verified)
        }
    }
}
