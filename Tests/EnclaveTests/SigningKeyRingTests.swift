import EnclaveLink
import Testing

@testable import Enclave

@Suite("Signing keys in an HSM")
struct SigningKeyRingTests {
    private let keeper: TokenKeeper
    private let sealer: VersionedSealer
    private let ring: SigningKeyRing
    private let inToken = CreateSigningKey(purpose: .identity, algorithm: .rs256With2048Bits)

    init() throws {
        let masterKey = try #require(MasterKey(bytes: [UInt8](repeating: 7, count: 32)))
        keeper = TokenKeeper(masterKey)
        sealer = .single(masterKey)
        ring = SigningKeyRing(sealer: sealer, keeper: keeper)
    }

    @Test("one that is forgotten is removed from the HSM; while it is away the key is listed as nobody's")
    func forgotten() throws {
        let requests = VaultRequests(keeper: keeper, sealer: sealer, keys: ring)
        let (first, second) = (try ring.create(inToken), try ring.create(inToken))
        #expect(try requests.describe().identityKeys == VaultDescription.TokenKeys(count: 2, unknown: []))
        _ = try ring.forget(ForgetSigningKey(keyIdentifier: first.keyIdentifier))
        #expect(keeper.identifiers.count == 1)
        keeper.goAway()
        #expect(throws: EnclaveError(.unavailable)) {
            try ring.forget(ForgetSigningKey(keyIdentifier: second.keyIdentifier))
        }
        #expect(throws: EnclaveError(.keyRefused)) { try ring.identityKey(second.keyIdentifier) }
        keeper.goAway(false)
        #expect(try requests.describe().identityKeys?.unknown.count == 1)
    }

    @Test("one that is made and cannot be kept is removed from the HSM: nobody would know of it")
    func notKept() throws {
        let small = CreateSigningKey(purpose: .session, algorithm: .es256)
        for _ in 0..<SigningKeyRing.capacity { _ = try ring.create(small) }
        #expect(throws: EnclaveError(.overloaded)) { try ring.create(inToken) }
        #expect(keeper.identifiers.isEmpty)
    }
}
