import EnclaveLink
import Testing

@testable import Enclave

@Suite("a rotation of the master key")
struct MasterKeyRotationTests {
    private let enclave: InProcessEnclave

    init() throws { enclave = try InProcessEnclave() }

    @Test("what was sealed before opens until the old version is retired, and then never again")
    func retired() async throws {
        let key = try await enclave.call(CreateSigningKey(purpose: .identityTest, algorithm: .es256))
        let load = LoadSigningKey(purpose: .identityTest, keyIdentifier: key.keyIdentifier, sealed: key.sealed)
        #expect(try await enclave.call(RotateMasterKey()).versions == [1, 2])
        _ = try await enclave.call(load)
        #expect(try await enclave.call(RetireMasterKeys(newest: 2)).versions == [2])
        await #expect(throws: EnclaveError(.sealRefused)) { try await enclave.call(load) }
    }

    @Test("versions are not retired where another one is the newest than the host sealed everything under")
    func rotationBetween() async throws {
        let key = try await enclave.call(CreateSigningKey(purpose: .identityTest, algorithm: .es256))
        for _ in 0..<2 { _ = try await enclave.call(RotateMasterKey()) }
        await #expect(throws: EnclaveError(.requestRefused)) {
            _ = try await enclave.call(RetireMasterKeys(newest: 2))
        }
        _ = try await enclave.call(
            LoadSigningKey(purpose: .identityTest, keyIdentifier: key.keyIdentifier, sealed: key.sealed))
    }

    @Test("what is sealed anew opens after the old version is gone; what is new already stays as it is")
    func resealed() async throws {
        let key = try await enclave.call(CreateSigningKey(purpose: .identityTest, algorithm: .es256))
        let place = Reseal.Place.signingKey(.identityTest, identifier: key.keyIdentifier)
        #expect(try await enclave.call(Reseal(place, sealed: key.sealed)).sealed == nil)
        _ = try await enclave.call(RotateMasterKey())
        let fresh = try #require(try await enclave.call(Reseal(place, sealed: key.sealed)).sealed)
        #expect(fresh != key.sealed)
        #expect(try await enclave.call(Reseal(place, sealed: fresh)).sealed == nil)
        _ = try await enclave.call(RetireMasterKeys(newest: 2))
        _ = try await enclave.call(
            LoadSigningKey(purpose: .identityTest, keyIdentifier: key.keyIdentifier, sealed: fresh))
    }

    @Test("a blob is sealed anew only for the place that it was made for")
    func otherPlace() async throws {
        let key = try await enclave.call(CreateSigningKey(purpose: .identityTest, algorithm: .es256))
        _ = try await enclave.call(RotateMasterKey())
        for place in [
            Reseal.Place.signingKey(.identity, identifier: key.keyIdentifier),
            .signingKey(.identityTest, identifier: "other"),
            .webhookSecret(workspace: "", endpoint: key.keyIdentifier),
        ] {
            await #expect(throws: EnclaveError(.sealRefused)) {
                try await enclave.call(Reseal(place, sealed: key.sealed))
            }
        }
    }

    @Test("what must last stays the same: the index of contacts, the logs' key, what people in the log are known by")
    func lasting() async throws {
        let before = try #require(enclave.greeting)
        _ = try await enclave.call(RotateMasterKey())
        _ = try await enclave.call(RetireMasterKeys(newest: 2))
        try enclave.restart()
        let after = try #require(enclave.greeting)
        #expect(after.contactIndexKey == before.contactIndexKey && after.logKey == before.logKey)
        #expect(after.auditKey == before.auditKey)
    }

    @Test("a changed version opens nothing")
    func changedVersion() async throws {
        let key = try await enclave.call(CreateSigningKey(purpose: .identityTest, algorithm: .es256))
        _ = try await enclave.call(RotateMasterKey())
        var changed = key.sealed
        changed[4] = 2
        await #expect(throws: EnclaveError(.sealRefused)) {
            try await enclave.call(
                LoadSigningKey(purpose: .identityTest, keyIdentifier: key.keyIdentifier, sealed: changed))
        }
    }

    @Test("a seventeenth version is refused, and the sixteen stay")
    func tooMany() async throws {
        for _ in 2...16 { _ = try await enclave.call(RotateMasterKey()) }
        await #expect(throws: EnclaveError(.requestRefused)) { try await enclave.call(RotateMasterKey()) }
        #expect(try await enclave.call(DescribeVault()).versions == Array(1...16))
    }
}
