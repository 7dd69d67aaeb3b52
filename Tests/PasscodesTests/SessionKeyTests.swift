import EnclaveLink
import Fixtures
import JOSE
import Passcodes
import Testing
import Workspaces

@Suite("Keys of our own tokens")
struct SessionKeyTests {
    private static func published(_ text: String) throws -> Set<String> {
        let keys = try JSONValue(parsing: Array(text.utf8))["keys"]?.elements ?? []
        return Set(keys.compactMap { $0["kid"]?.text })
    }

    private static func keys(_ installation: Installation, _ purposes: Set<SigningKeyPurpose>) -> Set<String> {
        Set(installation.signingKeys.all.filter { purposes.contains($0.purpose) }.map(\.id))
    }

    @Test("they are P-256 whatever identity tokens are signed with, and in the key set; pinned keys are not")
    func published() async throws {
        let installation = try await Installation(algorithm: .rs256With2048Bits)
        let keys = installation.signingKeys
        #expect(keys.all.filter { $0.purpose == .session }.allSatisfy { $0.algorithm == .es256 })
        let identity = Self.keys(installation, [.identity, .session, .permission])
        let test = Self.keys(installation, [.identityTest, .sessionTest, .permissionTest])
        #expect(try Self.published(keys.keySet) == identity.union(test))
        #expect(try Self.published(keys.testKeySet) == test)
        let production = SigningKeys(
            database: installation.database, audit: installation.audit,
            settings: SigningKeySettings(algorithm: .rs256With2048Bits, publishesTestKey: false),
            issuer: Installation.issuer, clock: installation.time.wall)
        try await production.prepare(installation.enclave)
        #expect(try Self.published(production.keySet) == identity)
    }

    @Test("they rotate by themselves, and the last stays published as long as a session may live")
    func rotation() async throws {
        let installation = try await Installation()
        let first = try installation.signingKeys.current(.session)
        installation.time.advance(seconds: 30 * 86_400)
        try await installation.signingKeys.maintain(installation.enclave)
        #expect(try installation.signingKeys.current(.session) != first)
        installation.time.advance(seconds: 30 * 86_400 + 3_599)
        try await installation.signingKeys.maintain(installation.enclave)
        #expect(try Self.published(installation.signingKeys.keySet).contains(first))
        installation.time.advance(seconds: 1)
        try await installation.signingKeys.maintain(installation.enclave)
        #expect(try !Self.published(installation.signingKeys.keySet).contains(first))
    }

    @Test("a verification token of our own flow verifies with the published keys, before and after a rotation")
    func tokenVerifies() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace()
        let client = try SealedClient()
        let old = try await installation.verificationToken(workspace, flow: .countersign, client: client)
        let before = try JSONWebKeySet(json: Array(installation.signingKeys.keySet.utf8))
        try await installation.signingKeys.rotate(enclave: installation.enclave, origin: .system)
        let new = try await installation.verificationToken(workspace, flow: .countersign, client: client)
        let after = try JSONWebKeySet(json: Array(installation.signingKeys.keySet.utf8))
        for (token, keys) in [(old, before), (new, before), (old, after), (new, after)] {
            let verified = try JSONWebSignatureVerifier(keys: keys, algorithms: [.es256]).verify(token.value)
            #expect(verified.header.isOfType("verification+jwt"))
        }
    }
}
