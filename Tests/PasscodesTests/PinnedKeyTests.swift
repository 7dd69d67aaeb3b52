import EnclaveLink
import Fixtures
import JOSE
import Passcodes
import SealedPasscodes
import Testing
import Workspaces

@Suite("Keys that clients pin")
struct PinnedKeyTests {
    private static let pinned: [SigningKeyPurpose] = [.enclave, .enclaveTest, .notary, .notaryTest]

    /// Follows the endorsements from a pinned key, as a client does, and returns where they lead.
    private static func follow(
        _ endorsements: [SigningKeyEndorsement], from pinned: String, issuer: String
    ) throws -> String {
        var trusted = pinned
        for endorsement in endorsements {
            let key = try P256PublicKey(uncompressedHexadecimal: trusted)
            let keys = try JSONWebKeySet([
                JSONWebKey(p256Uncompressed: key.uncompressed).identifiedByThumbprint()
            ])
            guard
                let verified = try? JSONWebSignatureVerifier(keys: keys, algorithms: [.es256])
                    .verify(endorsement.statement)
            else { continue }
            #expect(verified.header.isOfType("key-endorsement+jwt"))
            let claims = try JSONValue(parsing: verified.payload)
            #expect(claims["iss"]?.text == issuer && claims["purpose"]?.text == endorsement.purpose.rawValue)
            let next = try JSONWebKey(try #require(claims["next"]?["jwk"]))
            #expect(next.thumbprint == endorsement.successor)
            guard case .p256(let x, let y) = next.material else { continue }
            trusted = try P256PublicKey(point: [4] + x + y).uncompressedHexadecimal
        }
        return trusted
    }

    @Test("each purpose has a current and a next key, uncompressed points that are all different")
    func described() async throws {
        let installation = try await Installation()
        var points: Set<String> = []
        for purpose in Self.pinned {
            let keys = try #require(installation.signingKeys.pinned(purpose))
            for point in [keys.current, keys.next] {
                _ = try P256PublicKey(uncompressedHexadecimal: point)
                points.insert(point)
            }
            #expect(keys.endorsements.isEmpty)
        }
        #expect(points.count == 8)
        #expect(installation.signingKeys.enclaveKey == installation.signingKeys.pinned(.enclave)?.current)
        #expect(installation.signingKeys.notaryKey == installation.signingKeys.pinned(.notary)?.current)
        for purpose in [SigningKeyPurpose.identity, .identityTest, .session, .sessionTest] {
            #expect(installation.signingKeys.pinned(purpose) == nil)
        }
    }

    @Test("they never change by themselves, however long they sign, nor with the others")
    func onDemandOnly() async throws {
        let installation = try await Installation()
        let before = Self.pinned.map { installation.signingKeys.pinned($0) }
        installation.time.advance(seconds: 400 * 86_400)
        try await installation.signingKeys.maintain(installation.enclave)
        try await installation.signingKeys.rotate(enclave: installation.enclave, origin: .system)
        #expect(Self.pinned.map { installation.signingKeys.pinned($0) } == before)
    }

    @Test("after any number of rotations the endorsements lead from every key that was ever pinned", arguments: pinned)
    func chain(purpose: SigningKeyPurpose) async throws {
        let installation = try await Installation()
        let keys = installation.signingKeys
        var ever: [String] = []
        for _ in 0..<4 {
            let before = try #require(keys.pinned(purpose))
            ever.append(before.current)
            try await keys.rotate([purpose], enclave: installation.enclave, origin: .system)
            #expect(keys.pinned(purpose)?.current == before.next)
            // The retired keys go, the endorsements stay.
            installation.time.advance(seconds: 26 * 3_600)
            try await keys.maintain(installation.enclave)
        }
        let now = try #require(keys.pinned(purpose))
        #expect(now.endorsements.count == 4 && Set(ever).count == 4)
        for pinned in ever {
            #expect(try Self.follow(now.endorsements, from: pinned, issuer: Installation.issuer) == now.current)
        }
        #expect(keys.all.count { $0.purpose == purpose } == 2)
    }

    @Test("a rotation of one purpose leaves the others as they are")
    func onePurpose() async throws {
        let installation = try await Installation()
        let notary = installation.signingKeys.notaryKey
        let identity = try installation.signingKeys.current(.identity)
        try await installation.signingKeys.rotate([.enclave], enclave: installation.enclave, origin: .system)
        #expect(installation.signingKeys.notaryKey == notary)
        #expect(try installation.signingKeys.current(.identity) == identity)
        #expect(installation.signingKeys.pinned(.notary)?.endorsements.isEmpty == true)
    }

    @Test("a code that was under way during the rotation verifies, and its token counts for a day")
    func tokensOutliveTheRotation() async throws {
        let installation = try await Installation()
        let workspace = try await installation.workspace { $0.verificationTokenSeconds = 86_400 }
        let client = try SealedClient()
        let dispatch = try await installation.sendSealed(workspace)
        let attempt = try client.seal(
            try installation.code(of: dispatch), to: dispatch, flow: .turnkey, pinned: try installation.pinnedKey(),
            now: installation.time.now.unixMilliseconds)
        let early = try await installation.verificationToken(workspace, client: client)
        try await installation.signingKeys.rotate([.enclave], enclave: installation.enclave, origin: .system)
        let late = try await installation.attempt(dispatch, attempt, workspace).token
        installation.time.advance(seconds: 86_399)
        try await installation.signingKeys.maintain(installation.enclave)
        try await installation.restartEnclave()
        for token in [early, late] {
            #expect(
                try await installation.users.lookUp(
                    Contact(Installation.number), token: token, flow: .turnkey, for: installation.caller(workspace))
                    == nil)
        }
        installation.time.advance(seconds: 3_602)
        try await installation.signingKeys.maintain(installation.enclave)
        #expect(installation.signingKeys.all.count { $0.purpose == .enclave } == 2)
    }

    @Test("within a day of a rotation another one is refused, unless it is forced: clients could not follow")
    func pause() async throws {
        let installation = try await Installation()
        let keys = installation.signingKeys
        func rotate(force: Bool = false) async throws {
            try await keys.rotate(
                SigningKeys.rotatingOnDemand, force: force, enclave: installation.enclave, origin: .system)
        }
        let announced = try #require(keys.pinned(.enclave)?.next)
        try await rotate()
        for seconds in [0, 86_399] {
            installation.time.advance(seconds: seconds)
            await #expect(throws: PasscodeError.rotatedRecently()) { try await rotate() }
            #expect(keys.enclaveKey == announced)
        }
        try await rotate(force: true)
        #expect(keys.enclaveKey != announced)
        installation.time.advance(seconds: 86_400)
        try await rotate()
        try await keys.rotate(enclave: installation.enclave, origin: .system)
        try await keys.rotate(enclave: installation.enclave, origin: .system)
    }

    @Test("a rotation that broke off is finished by the next, which leaves alone what has rotated")
    func finished() async throws {
        let installation = try await Installation()
        let keys = installation.signingKeys
        try await keys.rotate([.enclave], enclave: installation.enclave, origin: .system)
        let (enclave, notary) = (keys.pinned(.enclave), keys.pinned(.notary))
        try await keys.rotate([.enclave, .notary], enclave: installation.enclave, origin: .system)
        #expect(keys.pinned(.enclave) == enclave && keys.notaryKey == notary?.next)
    }

    @Test("of parallel rotations that nobody forces one succeeds")
    func parallelPause() async throws {
        let installation = try await Installation()
        let rotated = try await atOnce(5) { _ in
            (try? await installation.signingKeys.rotate(
                [.enclave], enclave: installation.enclave, origin: .system)) != nil
        }
        #expect(rotated.count { $0 } == 1)
    }

    @Test("of parallel rotations one succeeds at a time, and each change of key has its endorsement")
    func parallelRotations() async throws {
        let installation = try await Installation()
        let first = try #require(installation.signingKeys.enclaveKey)
        let rotated = try await atOnce(5) { _ in
            do {
                try await installation.signingKeys.rotate(
                    [.enclave], force: true, enclave: installation.enclave, origin: .system)
                return true
            } catch {
                #expect(error as? PasscodeError == .unavailable(""))
                return false
            }
        }
        try await installation.signingKeys.maintain(installation.enclave)
        let now = try #require(installation.signingKeys.pinned(.enclave))
        #expect(now.endorsements.count == rotated.count { $0 })
        #expect(try Self.follow(now.endorsements, from: first, issuer: Installation.issuer) == now.current)
    }

    @Test("where the old key cannot endorse the new one, nothing rotates")
    func noEndorsement() async throws {
        let installation = try await Installation()
        let before = installation.signingKeys.pinned(.enclave)
        // Its keys are not loaded yet, as right after a crash.
        try installation.enclave.restart()
        await #expect(throws: PasscodeError.unavailable("")) {
            try await installation.signingKeys.rotate([.enclave], enclave: installation.enclave, origin: .system)
        }
        try await installation.signingKeys.prepare(installation.enclave)
        #expect(installation.signingKeys.pinned(.enclave) == before)
    }
}
