import EnclaveLink
import JOSE
import Testing

@Suite("key endorsements")
struct KeyEndorsementTests {
    private static let pinned: [SigningKeyPurpose] = [.enclave, .enclaveTest, .notary, .notaryTest]

    private static func endorsement(
        _ subject: SealedEnclave, _ purpose: SigningKeyPurpose, signer: String, successor: String,
        issuer: String = SealedEnclave.issuer
    ) async throws -> KeyEndorsement {
        try await subject.enclave.call(
            EndorseSigningKey(purpose: purpose, signer: signer, successor: successor, issuer: issuer))
    }

    @Test("the old key states, signed, that the new one succeeds it", arguments: pinned)
    func endorses(purpose: SigningKeyPurpose) async throws {
        let subject = try await SealedEnclave()
        let old = try subject.key(purpose)
        let new = try await subject.enclave.call(CreateSigningKey(purpose: purpose, algorithm: .es256))
        let endorsement = try await Self.endorsement(
            subject, purpose, signer: old.keyIdentifier, successor: new.keyIdentifier)
        let key = try JSONWebKey(json: Array(old.publicKey.utf8))
        let verified = try JSONWebSignatureVerifier(keys: JSONWebKeySet([key])).verify(endorsement.statement)
        #expect(verified.header.type == "key-endorsement+jwt" && verified.header.keyIdentifier == old.keyIdentifier)
        let claims = try JSONValue(parsing: verified.payload)
        #expect(claims["iss"]?.text == SealedEnclave.issuer && claims["purpose"]?.text == purpose.rawValue)
        #expect(claims["iat"] == .integer(subject.clock.now.unixMilliseconds / 1000))
        #expect(try JSONWebKey(#require(claims["previous"]?["jwk"])) == key)
        #expect(try JSONWebKey(#require(claims["next"]?["jwk"])) == JSONWebKey(json: Array(new.publicKey.utf8)))
    }

    @Test("no key endorses itself, one of another purpose, or one that is not loaded")
    func refusals() async throws {
        let subject = try await SealedEnclave()
        let old = try subject.key(.enclave).keyIdentifier
        await #expect(throws: EnclaveError(.requestRefused)) {
            _ = try await Self.endorsement(subject, .enclave, signer: old, successor: old)
        }
        for purpose in SigningKeyPurpose.allCases where purpose != .enclave {
            let other = try subject.key(purpose).keyIdentifier
            for (signer, successor) in [(old, other), (other, old)] {
                await #expect(throws: EnclaveError(.keyRefused)) {
                    _ = try await Self.endorsement(subject, .enclave, signer: signer, successor: successor)
                }
            }
        }
        await #expect(throws: EnclaveError(.keyRefused)) {
            _ = try await Self.endorsement(subject, .enclave, signer: old, successor: "unknown")
        }
    }

    @Test("only keys that clients pin are endorsed, for an issuer of reasonable length")
    func purposes() async throws {
        let subject = try await SealedEnclave()
        for purpose in SigningKeyPurpose.allCases where !Self.pinned.contains(purpose) {
            let new = try await subject.enclave.call(CreateSigningKey(purpose: purpose, algorithm: .es256))
            let old = try subject.key(purpose).keyIdentifier
            await #expect(throws: EnclaveError(.requestRefused)) {
                _ = try await Self.endorsement(subject, purpose, signer: old, successor: new.keyIdentifier)
            }
        }
        let new = try await subject.enclave.call(CreateSigningKey(purpose: .enclave, algorithm: .es256))
        for issuer in ["", String(repeating: "x", count: 513)] {
            await #expect(throws: EnclaveError(.requestRefused)) {
                _ = try await Self.endorsement(
                    subject, .enclave, signer: subject.key(.enclave).keyIdentifier, successor: new.keyIdentifier,
                    issuer: issuer)
            }
        }
    }

    @Test("keys of the sealed flows are P-256 and nothing else", arguments: SigningKeyPurpose.allCases)
    func algorithms(purpose: SigningKeyPurpose) async throws {
        guard purpose != .identity, purpose != .identityTest else { return }
        let subject = try await SealedEnclave()
        for algorithm in [SigningAlgorithm.rs256With2048Bits, .rs256With3072Bits] {
            await #expect(throws: EnclaveError(.requestRefused)) {
                _ = try await subject.enclave.call(CreateSigningKey(purpose: purpose, algorithm: algorithm))
            }
        }
    }
}
