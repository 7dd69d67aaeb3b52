import Crypto
import EnclaveLink
import Testing
import TransparencyLog

@testable import Enclave

@Suite("what a witness has answered")
struct WitnessJudgementTests {
    private let anchor = MemoryAnchor()
    private let masterKey: MasterKey
    private let signer: LogSigner
    private let log: TestLog
    private let witness: Curve25519.Signing.PrivateKey
    private let key: VerifierKey

    init() throws {
        masterKey = try #require(MasterKey(bytes: Array(repeating: 9, count: 32)))
        signer = try LogSigner(masterKey: masterKey, anchor: .success(anchor))
        log = try TestLog(entries: 20)
        witness = try Curve25519.Signing.PrivateKey(rawRepresentation: Array(repeating: 5, count: 32))
        key = try VerifierKey(
            name: KeyName("w.example.com"), algorithm: .cosignature,
            publicKey: Array(witness.publicKey.rawRepresentation))
    }

    private func sign(_ signer: LogSigner, _ proposal: LogHeadProposal) throws -> LogHeadOutcome {
        try #require(try signer.sign(SignLogHeads([proposal])).outcomes.first)
    }

    /// The question about the head of `size`, after it was signed.
    private func question(from base: Int, about size: Int) throws -> CosignLogHead {
        let outcome = try sign(signer, log.proposal(from: 0, to: size))
        return CosignLogHead(
            witness: "w.example.com", origin: log.origin, signed: try #require(try outcome.signedHead),
            baseSize: UInt64(base), proof: try log.proof(from: base, to: size), deadline: 5000)
    }

    private func judge(_ answer: AddCheckpointAnswer, _ question: CosignLogHead) -> CosignOutcome {
        signer.judge(.success(answer), to: question, key: key)
    }

    private func cosignature(_ text: String, by name: String = "w.example.com", flipped: Bool = false) throws
        -> NoteSignature
    {
        let time: UInt64 = 1_795_248_000
        var signature = Array(try witness.signature(for: Cosignature.message(for: text, at: time)))
        if flipped { signature[0] ^= 1 }
        let bytes = withUnsafeBytes(of: time.bigEndian) { Array($0) } + signature
        return NoteSignature(name: try KeyName(name), keyID: key.id, bytes: bytes)
    }

    @Test("what it is asked is what the enclave signed, and nothing else")
    func errand() throws {
        var question = try question(from: 3, about: 8)
        let request = try signer.errand(question).request
        let own = try VerifierKey(name: log.origin, publicKey: signer.key.publicKey)
        #expect(request.oldSize == 3 && request.proof == question.proof)
        #expect(try Checkpoint(opening: request.note, signedBy: own).head == log.head(8))
        question.signed.head = try log.head(9)
        #expect(throws: EnclaveError(.requestRefused)) { try signer.errand(question) }
    }

    @Test("a cosignature counts that its key made for this head; of others beside it nothing is passed on")
    func cosigned() throws {
        let question = try question(from: 0, about: 8)
        let text = Checkpoint(origin: log.origin, head: try log.head(8)).text
        let right = try cosignature(text)
        #expect(judge(.cosigned([try cosignature(text, by: "other"), right]), question) == .cosigned(line: right.line))
        let other = Checkpoint(origin: log.origin, head: try log.head(7)).text
        for wrong in [
            try cosignature(text, flipped: true), try cosignature(other), try cosignature(text, by: "other"),
        ] {
            #expect(judge(.cosigned([wrong]), question) == .failed(.badSignature))
        }
    }

    @Test("a size below the head is where to prove from; the size that was proven from is no answer")
    func conflict() throws {
        let question = try question(from: 3, about: 8)
        for size in [0, 2, 5, 8] as [UInt64] {
            #expect(judge(.conflict(size: size), question) == .conflict(size: size))
        }
        #expect(judge(.conflict(size: 3), question) == .failed(.badAnswer))
        #expect(try sign(signer, log.proposal(from: 8, to: 9)).isSigned)
    }

    @Test("a size that the enclave has signed since then is no contradiction")
    func meanwhile() throws {
        let question = try question(from: 3, about: 8)
        #expect(try sign(signer, log.proposal(from: 8, to: 12)).isSigned)
        #expect(judge(.conflict(size: 12), question) == .conflict(size: 12))
        #expect(try sign(signer, log.proposal(from: 12, to: 13)).isSigned)
    }

    @Test(
        "a larger tree, another one of the same size, and a proof that does not hold stop the log, across restarts",
        arguments: [
            (3, AddCheckpointAnswer.conflict(size: 9), 9 as UInt64), (8, .conflict(size: 8), 8),
            (3, .refused(status: 422), 3),
        ])
    func contradicted(base: Int, answer: AddCheckpointAnswer, size: UInt64) throws {
        let question = try question(from: base, about: 8)
        #expect(judge(answer, question) == .contradicted(size: size))
        let again = try LogSigner(masterKey: masterKey, anchor: .success(anchor))
        for signer in [signer, again] {
            #expect(try sign(signer, log.proposal(from: 8, to: 9)) == .refused(.contradicted))
            let other = try TestLog("ws_2", entries: 3)
            #expect(try sign(signer, other.proposal(from: 0, to: 0)).isSigned)
        }
    }

    @Test("once an operator has acknowledged it the log goes on, says so, and the witness is left behind")
    func acknowledged() throws {
        let question = try question(from: 3, about: 8)
        #expect(judge(.conflict(size: 15), question) == .contradicted(size: 15))
        anchor.acknowledgeRestore()
        let signer = try LogSigner(masterKey: masterKey, anchor: .success(anchor))
        #expect(try sign(signer, log.proposal(from: 8, to: 9)).previous == log.head(8))
        #expect(try sign(signer, log.proposal(from: 9, to: 10)).isSigned)
        for answer in [AddCheckpointAnswer.conflict(size: 15), .refused(status: 422)] {
            #expect(signer.judge(.success(answer), to: question, key: key) == .failed(.leftBehind))
        }
        #expect(signer.judge(.success(.conflict(size: 16)), to: question, key: key) == .contradicted(size: 16))
    }

    @Test("a restore that was acknowledged is not held against the log by a witness of what was lost")
    func restored() throws {
        _ = try question(from: 0, about: 8)
        anchor.acknowledgeRestore()
        let signer = try LogSigner(masterKey: masterKey, anchor: .success(anchor))
        let outcome = try sign(signer, log.fork(after: 3).proposal(from: 3, to: 5))
        let question = CosignLogHead(
            witness: "w.example.com", origin: log.origin, signed: try #require(try outcome.signedHead), baseSize: 0,
            proof: ConsistencyProof([]), deadline: 5000)
        #expect(signer.judge(.success(.conflict(size: 8)), to: question, key: key) == .failed(.leftBehind))
        #expect(signer.judge(.success(.conflict(size: 9)), to: question, key: key) == .contradicted(size: 9))
    }

    @Test(
        "other answers have names, and stop nothing",
        arguments: [(403, WitnessFailure.keyUnknown), (404, .logUnknown), (302, .refused), (500, .refused)])
    func refused(status: Int, failure: WitnessFailure) throws {
        let question = try question(from: 3, about: 8)
        #expect(judge(.refused(status: status), question) == .failed(failure))
        #expect(signer.judge(.failure(.timedOut), to: question, key: key) == .failed(.timedOut))
        #expect(try sign(signer, log.proposal(from: 8, to: 9)).isSigned)
    }
}
