import Crypto
import Encodings
import EnclaveLink
import Foundation
import SealedPasscodes
import Synchronization
import Testing

@testable import Enclave

/// What users of sealed passcodes are promised, as far as the enclave can prove it.
@Suite("the promises of sealed passcodes")
struct PromiseTests {
    /// A whole flow with a code so long that chance does not repeat it: a wrong attempt, then the right one.
    private static func flow(
        _ flow: SealedFlow
    ) async throws -> (subject: SealedEnclave, challenge: SealedChallenge, token: VerificationToken) {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        var request = try subject.makeRequest(flow: flow)
        request.format = CodeFormat(alphabet: .base32, length: 9)
        let challenge = try await subject.make(request)
        #expect(challenge.code.utf8.count == 9)
        #expect(try await subject.attempt(challenge, challenge.wrongCode, by: client) == .wrong)
        return (subject, challenge, try await subject.token(challenge, for: client))
    }

    @Test(
        "Code attempts are never sent unencrypted; codes are generated, sent and verified inside the enclave; the host (coordinator) never sees a plaintext code.",
        arguments: SealedFlow.allCases)
    func hostNeverSeesACode(flow: SealedFlow) async throws {
        let (subject, challenge, _) = try await Self.flow(flow)
        let frames = subject.enclave.frames
        #expect(frames.count > 10)
        for code in [challenge.code, challenge.wrongCode] {
            for text in [code, code.lowercased()] {
                let spellings = [Array(text.utf8), Array(Hexadecimal.encode(Array(text.utf8)).utf8)]
                for spelling in spellings { #expect(!frames.contains { $0.contains(sequence: spelling) }) }
            }
        }
    }

    @Test(
        "A compromised application server can neither read the code nor use the verification token without the client's private key."
    )
    func tokenNeedsTheClientsKey() async throws {
        let bench = try await LoginBench(.turnkey)
        let thief = try SealedClient()
        let key = thief.key.compressedHexadecimal
        let text = bench.messageText.replacing(bench.session.key.compressedHexadecimal, with: key)
        let body = bench.bodyText.replacing(bench.session.key.compressedHexadecimal, with: key)
        var claimed = try thief.message(text)
        claimed.key = bench.client.key
        // The client's own signature, over a message for its own session.
        var moved = try bench.client.message(bench.messageText)
        for proof in [
            .message(try thief.message(text)), .message(claimed), .stampedBody(try thief.stamped(body)),
            .message(moved),
        ] as [LoginProof] {
            var request = try bench.request(proof)
            request.sessionKey = thief.key
            #expect(try await bench.subject.enclave.call(request).fault != nil)
        }
        moved.message = Array(text.utf8)
        #expect(try await bench.fault(.message(moved)) == .proofSignature)
        let ours = try await LoginBench(.countersign)
        #expect(try await ours.fault(ours.possession(by: thief)) == .otherKey)
    }

    @Test(
        "The target key is made per challenge; its private half never leaves the enclave; the client checks the enclave's signature against a pinned key first.",
        arguments: SealedFlow.allCases)
    func targetKeys(flow: SealedFlow) async throws {
        let (subject, challenge, _) = try await Self.flow(flow)
        var targets: Set<P256PublicKey> = [challenge.target]
        for round in 0..<20 { targets.insert(try await subject.make("other_\(round)", flow: flow).target) }
        #expect(targets.count == 21)
        for frame in subject.enclave.frames.prefix(40) where frame.count >= 32 {
            for start in 0...(frame.count - 32) {
                let candidate = try? P256.KeyAgreement.PrivateKey(rawRepresentation: frame[start..<start + 32])
                #expect(candidate.map { Array($0.publicKey.x963Representation) } != challenge.target.uncompressed)
            }
        }
        let stranger = try SealedClient().key
        #expect(throws: SealedPasscodeError(.wrongSigner)) {
            try SealedEnclave.content(
                challenge.bundle, flow: flow, pinned: stranger, challenge: "ch_1",
                now: subject.clock.now.unixMilliseconds)
        }
    }

    @Test(
        "The verification token is signed by the enclave and bound to the client's public key; login needs a signature by that key, not by the session key."
    )
    func loginNeedsTheTokensKey() async throws {
        let bench = try await LoginBench(.turnkey)
        let parts = bench.token.value.split(separator: ".").map(String.init)
        #expect(parts.count == 3)
        let finding = try await bench.subject.enclave.call(
            CheckVerificationToken(token: bench.token, scope: bench.subject.scope(), signUp: nil))
        guard case .good(let client) = finding else {
            Issue.record("refused")
            return
        }
        #expect(client.key == bench.client.key)
        #expect(try await bench.fault(.message(bench.session.message(bench.messageText))) == .otherKey)
        #expect(try await bench.fault(.stampedBody(bench.session.stamped(bench.bodyText))) == .otherKey)
        #expect(try await bench.fault(.message(bench.client.message(bench.messageText))) == nil)
    }

    @Test(
        "Brute force is limited inside the enclave (attempts are counted before the comparison, the comparison is constant-time); codes in flight are limited."
    )
    func bruteForce() async throws {
        let subject = try await SealedEnclave()
        let client = try SealedClient()
        let challenge = try await subject.make()
        // What cannot even be compared has been counted: the count comes first.
        for _ in 0..<3 {
            let nonsense = try SealedClient.seal("nonsense", to: challenge.target)
            #expect(try await subject.attempt(challenge, nonsense) == .malformedContent)
        }
        #expect(try await subject.attempt(challenge, challenge.code, by: client) == .locked)
        var request = try subject.makeRequest()
        request.attemptLimit = 4
        let more = request
        await #expect(throws: EnclaveError(.requestRefused)) { _ = try await subject.enclave.call(more) }
    }

    @Test(
        "Weak codes (one repeated digit, a straight run) are never issued; the loss of entropy is accounted for in the docs."
    )
    func weakCodes() async throws {
        let subject = try await SealedEnclave(randomness: WeakRandomness())
        for round in 0..<4 {
            let challenge = try await subject.make("ch_\(round)", mode: .test)
            #expect(challenge.code == "902468")
        }
        let page = try String(contentsOf: Repository.root.appending(path: "docs/security-model.md"), encoding: .utf8)
        #expect(page.contains("999,970") && page.contains("19.93"))
    }
}

/// Draws `000000`, then `123456`, then `987654`, and only then a code that may be issued.
private struct WeakRandomness: RandomSource {
    private static let draws: [[UInt8]] = [
        [0, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6], [9, 8, 7, 6, 5, 4], [9, 0, 2, 4, 6, 8],
    ]
    private let turns = Turns()

    func bytes(_ count: Int) -> [UInt8] {
        // Codes are drawn from 16 bytes at a time; identifiers of seals and boots are too, and may be anything.
        guard count == 16 else { return SystemRandomness().bytes(count) }
        return Self.draws[turns.next() % Self.draws.count] + [UInt8](repeating: 255, count: 10)
    }
}

private final class Turns: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }
}
