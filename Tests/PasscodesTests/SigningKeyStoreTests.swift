import EnclaveLink
import Fixtures
import Passcodes
import Storage
import Testing

@testable import Workspaces

/// Keys in an HSM stay there until somebody removes them: the enclave does so when it is told to forget them.
@Suite("Signing keys that are made")
struct SigningKeyStoreTests {
    private let installation: Installation
    private let database: StagedDatabase
    private let made = Recorded<SigningKeyPurpose>()
    private let forgotten = Recorded<String>()

    init() async throws {
        installation = try await Installation()
        database = StagedDatabase(installation.database)
    }

    private func keys(_ algorithm: SigningAlgorithm = .es256) -> SigningKeys {
        SigningKeys(
            database: database, audit: installation.audit,
            settings: SigningKeySettings(algorithm: algorithm, publishesTestKey: true), issuer: Installation.issuer,
            clock: installation.time.wall)
    }

    /// The enclave, which makes no more than so many keys.
    private func enclave(making limit: Int = .max) -> StagedEnclave {
        StagedEnclave(installation.enclave) { [made, forgotten] request throws(EnclaveError) in
            if let request = request as? ForgetSigningKey { forgotten.append(request.keyIdentifier) }
            guard let request = request as? CreateSigningKey else { return }
            guard made.all.count < limit else { throw EnclaveError(.unavailable) }
            made.append(request.purpose)
        }
    }

    private func stored() async throws -> Set<String> {
        try await installation.database.read { transaction in
            Set(try transaction.rows("SELECT id FROM signing_key", []).map { try $0.text(0) })
        }
    }

    @Test("are forgotten again where they could not be stored, and those that sign stay")
    func notStored() async throws {
        let keys = keys()
        try await keys.prepare(enclave())
        let before = try await stored()
        database.failCommits(true)
        await #expect(throws: PasscodeError.unavailable("")) {
            try await keys.rotate([.identity], enclave: enclave(), origin: .system)
        }
        #expect(made.all.count == 1 && forgotten.all.count == 1)
        #expect(before.isDisjoint(with: forgotten.all))
        #expect(try await stored() == before)
    }

    @Test("are forgotten where the enclave ends before all of them are made")
    func brokenOff() async throws {
        try await installation.database.write { transaction in
            _ = try transaction.execute("DELETE FROM signing_key", [])
        }
        let keys = keys()
        await #expect(throws: PasscodeError.unavailable("")) { try await keys.prepare(enclave(making: 3)) }
        #expect(made.all.count == 3 && Set(forgotten.all).count == 3)
        #expect(try await stored().isEmpty)
        try await keys.prepare(enclave())
        #expect(try await stored().isDisjoint(with: forgotten.all))
    }

    @Test("stay where they were stored after all, though nobody was told so")
    func answerLost() async throws {
        let keys = keys()
        try await keys.prepare(enclave())
        database.loseAnswers(true)
        await #expect(throws: PasscodeError.unavailable("")) {
            try await keys.rotate([.identity], enclave: enclave(), origin: .system)
        }
        #expect(forgotten.all.isEmpty)
        database.loseAnswers(false)
        try await keys.rotate([.identity], enclave: enclave(), origin: .system)
    }

    @Test("stay where nobody can tell whether they were stored")
    func unreadable() async throws {
        let keys = keys()
        try await keys.prepare(enclave())
        database.failCommits(true)
        // Only once the work has begun: a rotation looks at what is there first.
        database.beforeUnits { [database] in database.failReads(true) }
        await #expect(throws: PasscodeError.unavailable("")) {
            try await keys.rotate([.identity], enclave: enclave(), origin: .system)
        }
        #expect(made.all.count == 1 && forgotten.all.isEmpty)
    }

    @Test("are not stored, and forgotten again, where their version of the master key is being retired")
    func retiredVersion() async throws {
        let keys = keys()
        try await keys.prepare(enclave())
        let before = try await stored()
        try await installation.database.write { try MasterKeyFloor.raise(to: 2, in: $0) }
        await #expect(throws: PasscodeError.unavailable("")) {
            try await keys.rotate([.identity], enclave: enclave(), origin: .system)
        }
        #expect(try await stored() == before)
        #expect(made.all.count == 1 && forgotten.all.count == 1)
        _ = try await installation.enclave.call(RotateMasterKey())
        try await keys.rotate([.identity], enclave: enclave(), origin: .system)
        #expect(try await stored().count == before.count + 1)
    }

    @Test("take the places of those that have another algorithm, which are forgotten")
    func replaced() async throws {
        let outdated = installation.signingKeys.all.filter {
            $0.state == .next && [.identity, .identityTest].contains($0.purpose)
        }
        try await keys(.rs256With2048Bits).prepare(enclave())
        #expect(outdated.count == 2 && Set(forgotten.all) == Set(outdated.map(\.id)))
    }
}
