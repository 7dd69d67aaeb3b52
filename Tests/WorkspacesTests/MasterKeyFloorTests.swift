import EnclaveLink
import Fixtures
import Storage
import Testing

@testable import Workspaces

@Suite("The oldest version of the master key that may still be stored")
struct MasterKeyFloorTests {
    private let installation: Installation

    init() async throws { installation = try await Installation() }

    private func raise(to version: UInt32) async throws {
        try await installation.database.write { try MasterKeyFloor.raise(to: version, in: $0) }
    }

    /// Whether a blob that was sealed under this version may be stored.
    private func takes(_ version: UInt32) async throws -> Bool {
        try await installation.database.read { transaction in
            do { try MasterKeyFloor.check(SealedVersion.head(version) + [1], in: transaction) } catch { return false }
            return true
        }
    }

    @Test("takes everything until it is raised, then what is as new or newer")
    func raised() async throws {
        #expect(try await takes(1))
        try await raise(to: 3)
        #expect(try await !takes(2))
        #expect(try await takes(3))
        #expect(try await takes(4))
    }

    @Test("is never lowered again, also where the versions differ in length", arguments: [2, 9, 10])
    func lowered(version: UInt32) async throws {
        try await raise(to: 11)
        try await raise(to: version)
        #expect(try await !takes(10))
        try await raise(to: 100)
        #expect(try await !takes(99))
    }

    @Test("is no concern of the issuer, which is kept beside it as it was first")
    func issuer() async throws {
        let record = InstallationRecord(database: installation.database)
        let first = try await record.issuer(proposal: "https://a.example.com")
        try await raise(to: 2)
        #expect(try await record.issuer(proposal: "https://b.example.com") == first)
    }
}
