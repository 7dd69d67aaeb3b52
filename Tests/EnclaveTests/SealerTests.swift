import Crypto
import EnclaveLink
import Testing

@testable import Enclave

@Suite("seals")
struct SealerTests {
    private let sealer: Sealer
    private let place = SealedPlace.challenge(workspace: "ws_1", record: "ch_1")
    private let content = Array("a secret of some length".utf8)

    init() throws { sealer = try Self.sealer(7) }

    private static func sealer(_ byte: UInt8) throws -> Sealer {
        let key = try #require(MasterKey(bytes: [UInt8](repeating: byte, count: 32)))
        return Sealer(masterKey: key, randomness: SystemRandomness())
    }

    @Test("what was sealed opens at its own place")
    func opens() throws {
        let sealed = try sealer.seal(content, for: place)
        #expect(try sealer.open(sealed, for: place) == content)
        #expect(!sealed.contains(sequence: content))
        #expect(sealed.count == content.count + 1 + 16 + 16)
    }

    @Test("it opens nowhere else: not for another workspace, record, purpose or master key")
    func otherPlaces() throws {
        let sealed = try sealer.seal(content, for: place)
        let others = [
            SealedPlace.challenge(workspace: "ws_2", record: "ch_1"),
            SealedPlace.challenge(workspace: "ws_1", record: "ch_2"),
            SealedPlace.challenge(workspace: "ws_1ch", record: "_1"),
            SealedPlace.challenge(workspace: "", record: "ws_1ch_1"),
            SealedPlace(purpose: "signing-key/identity", workspace: "ws_1", record: "ch_1"),
            SealedPlace(purpose: "challengews_1", workspace: "", record: "ch_1"),
        ]
        for other in others {
            #expect(throws: EnclaveError(.sealRefused)) { try sealer.open(sealed, for: other) }
        }
        #expect(throws: EnclaveError(.sealRefused)) { try Self.sealer(8).open(sealed, for: place) }
    }

    @Test("a blob with any bit changed, cut or added to does not open")
    func damaged() throws {
        let sealed = try sealer.seal(content, for: place)
        for position in sealed.indices {
            var changed = sealed
            changed[position] ^= 1
            #expect(throws: EnclaveError(.sealRefused)) { try sealer.open(changed, for: place) }
            #expect(throws: EnclaveError(.sealRefused)) { try sealer.open(Array(sealed[..<position]), for: place) }
        }
        #expect(throws: EnclaveError(.sealRefused)) { try sealer.open(sealed + [0], for: place) }
    }

    @Test("the same content never gives the same blob twice")
    func fresh() throws {
        var seen: Set<[UInt8]> = []
        for _ in 0..<1000 { seen.insert(try sealer.seal(content, for: place)) }
        #expect(seen.count == 1000)
        #expect(Set(seen.map { Array($0[1..<17]) }).count == 1000)
    }

    @Test("a signing key sealed for one purpose does not load for another, nor under another name")
    func signingKeys() async throws {
        let enclave = try InProcessEnclave()
        let key = try await enclave.call(CreateSigningKey(purpose: .identityTest, algorithm: .es256))
        let other = try await enclave.call(CreateSigningKey(purpose: .identityTest, algorithm: .es256))
        for (purpose, name) in [
            (.identity, key.keyIdentifier), (.enclave, key.keyIdentifier), (.identityTest, other.keyIdentifier),
        ]
            as [(SigningKeyPurpose, String)]
        {
            await #expect(throws: EnclaveError(.sealRefused)) {
                _ = try await enclave.call(LoadSigningKey(purpose: purpose, keyIdentifier: name, sealed: key.sealed))
            }
        }
    }

    @Test("a derived key is what HKDF-SHA256 of RFC 5869 gives")
    func hkdf() throws {
        let bytes = [UInt8](repeating: 7, count: 32)
        let master = try #require(MasterKey(bytes: bytes))
        // One text, five bytes long: "alpha"; then the unique bytes.
        let information: [UInt8] = [1, 0, 0, 0, 5] + Array("alpha".utf8) + [9, 8]
        let expected = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: bytes), salt: Array("countersign master key 1".utf8),
            info: information, outputByteCount: 32)
        #expect(master.deriveKey("alpha", unique: [9, 8]) == expected)
    }

    @Test("keys derived for different purposes and contexts differ")
    func derivedKeys() throws {
        let master = try #require(MasterKey(bytes: [UInt8](repeating: 7, count: 32)))
        let keys = [
            master.deriveKey("a"), master.deriveKey("b"), master.deriveKey("a", context: ["b"]),
            master.deriveKey("ab"), master.deriveKey("a", context: ["", "b"]),
            master.deriveKey("a", context: ["b", ""]),
        ]
        #expect(Set(keys.map { $0.withUnsafeBytes { Array($0) } }).count == keys.count)
    }
}
