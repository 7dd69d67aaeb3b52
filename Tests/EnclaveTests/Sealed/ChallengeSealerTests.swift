import EnclaveLink
import Testing

@testable import Enclave

@Suite("seals of one boot")
struct ChallengeSealerTests {
    private let masterKey: MasterKey
    private let sealer: ChallengeSealer
    private let content = Array("a code and a key".utf8)

    init() throws {
        masterKey = try #require(MasterKey(bytes: [UInt8](repeating: 7, count: 32)))
        sealer = ChallengeSealer(masterKey: masterKey, randomness: SystemRandomness())
    }

    private func record(_ sealed: [UInt8], workspace: String = "ws_1", challenge: String = "ch_1") -> SealedRecord {
        SealedRecord(workspace: workspace, record: challenge, sealed: sealed)
    }

    @Test("what was sealed opens in the same boot at its own place, and says in clear which boot that is")
    func opens() throws {
        let sealed = try sealer.seal(content, workspace: "ws_1", challenge: "ch_1")
        #expect(try sealer.open(record(sealed)) == content)
        #expect(Array(sealed[1..<17]) == sealer.boot.bytes)
        #expect(!sealed.contains(sequence: content))
        for other in [record(sealed, workspace: "ws_2"), record(sealed, challenge: "ch_2")] {
            #expect(throws: EnclaveError(.sealRefused)) { try sealer.open(other) }
        }
    }

    @Test("after the boot nobody opens it, not with the same master key and not under that boot's name")
    func otherBoot() throws {
        let sealed = try sealer.seal(content, workspace: "ws_1", challenge: "ch_1")
        let later = ChallengeSealer(masterKey: masterKey, randomness: SystemRandomness())
        #expect(try later.open(record(sealed)) == nil)
        let renamed = [sealed[0]] + later.boot.bytes + sealed[17...]
        #expect(throws: EnclaveError(.sealRefused)) { try later.open(record(renamed)) }
        let plain = Sealer(masterKey: masterKey, randomness: SystemRandomness())
        #expect(throws: EnclaveError(.sealRefused)) {
            try plain.open(Array(sealed[17...]), for: .challenge(workspace: "ws_1", record: "ch_1"))
        }
    }

    @Test("the key of a boot needs the master key as well as the boot's secret")
    func bothNeeded() throws {
        let secret = [UInt8](repeating: 1, count: 32)
        let other = try #require(MasterKey(bytes: [UInt8](repeating: 8, count: 32)))
        let keys = [
            masterKey.boundToBoot(by: secret), other.boundToBoot(by: secret),
            masterKey.boundToBoot(by: [UInt8](repeating: 2, count: 32)), masterKey,
        ].map { $0.deriveKey("challenge") }
        for one in keys.indices { for two in keys.indices where one != two { #expect(keys[one] != keys[two]) } }
        #expect(masterKey.boundToBoot(by: secret).deriveKey("challenge") == keys[0])
    }

    @Test("a seal that was changed, cut or added to does not open, and what is none is refused")
    func damaged() throws {
        let sealed = try sealer.seal(content, workspace: "ws_1", challenge: "ch_1")
        for position in sealed.indices {
            var changed = sealed
            changed[position] ^= 1
            if (1..<17).contains(position) {
                #expect(try sealer.open(record(changed)) == nil)
            } else {
                #expect(throws: EnclaveError(.sealRefused)) { try sealer.open(record(changed)) }
            }
            #expect(throws: EnclaveError(.sealRefused)) { try sealer.open(record(Array(sealed[..<position]))) }
        }
        #expect(throws: EnclaveError(.sealRefused)) { try sealer.open(record(sealed + [0])) }
    }
}
