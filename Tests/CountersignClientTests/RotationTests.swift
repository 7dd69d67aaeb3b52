import CountersignClient
import Foundation
import Testing

@Suite("Following a rotation of the signer")
struct RotationTests {
    private let first = SigningDouble()
    private let second = SigningDouble()
    private let third = SigningDouble()
    private let stranger = SigningDouble()

    @Test("a client that pins an old key follows the endorsements to the current one, in whatever order they come")
    func chain() async throws {
        let good = [first.endorsement(of: second), second.endorsement(of: third)]
        for endorsements in [good, good.reversed()] {
            let played = played(signedBy: third, endorsements, current: third)
            let client = try played.client(signer: first.publicKey)
            _ = try await client.challenges.start(for: PlayedServer.contact)
            #expect(try await client.signers.follow().signer == third.publicKey)
        }
    }

    @Test("a client that follows keeps to what it knows, and fetches no more")
    func followedOnce() async throws {
        let played = played(signedBy: second, [first.endorsement(of: second)], current: second)
        let client = try played.client(signer: first.publicKey)
        for _ in 1...3 { _ = try await client.challenges.start(for: PlayedServer.contact) }
        #expect(played.seen.sent.count { $0.method == "GET" } == 1)
    }

    @Test("a client that pins the current key fetches nothing")
    func current() async throws {
        let played = played(signedBy: second, [], current: second)
        _ = try await played.client(signer: second.publicKey).challenges.start(for: PlayedServer.contact)
        #expect(played.seen.sent.map(\.method) == ["POST"])
    }

    @Test("a chain that is forged or cut leads nowhere")
    func refused() async throws {
        let chains: [[String]] = [
            [],
            // Signed by the successor, or by a stranger, in the old key's name.
            [first.endorsement(of: second, signedBy: second)],
            [first.endorsement(of: second, signedBy: stranger)],
            // A stranger's own word.
            [stranger.endorsement(of: second)],
            // The middle is missing.
            [second.endorsement(of: third), stranger.endorsement(of: third)],
            // The wrong way round.
            [second.endorsement(of: first)],
            // Of another purpose, or no endorsement.
            [first.endorsement(of: second, purpose: "notary")],
            [first.endorsement(of: second, purpose: "session")],
            [first.endorsement(of: second, type: "target+jwt")],
            ["", "a.b.c", String(first.endorsement(of: second).dropLast(4))],
        ]
        for endorsements in chains {
            let signer = endorsements.count == 2 ? third : second
            let played = played(signedBy: signer, endorsements, current: signer)
            let client = try played.client(signer: first.publicKey)
            await #expect(throws: CountersignError.code(.untrustedSigner)) {
                try await client.challenges.start(for: PlayedServer.contact)
            }
            await #expect(throws: CountersignError.code(.untrustedSigner)) { try await client.signers.follow() }
        }
    }

    @Test("a key serves one purpose: live and test keys do not endorse each other's successors")
    func mixedPurposes() async throws {
        let endorsements = [
            first.endorsement(of: second, purpose: "enclave"), second.endorsement(of: third, purpose: "enclaveTest"),
        ]
        let client = try played(signedBy: third, endorsements, current: third).client(signer: first.publicKey)
        await #expect(throws: CountersignError.code(.untrustedSigner)) {
            try await client.challenges.start(for: PlayedServer.contact)
        }
    }

    @Test("challenges that the old key signed still count while a client knows both")
    func oldChallenge() async throws {
        let played = played(signedBy: first, [first.endorsement(of: second)], current: second)
        let client = try played.client(signer: first.publicKey)
        #expect(try await client.signers.follow().signer == second.publicKey)
        _ = try await client.challenges.start(for: PlayedServer.contact)
    }

    @Test("the notary's rotation is followed in the same way, and neither role's key serves the other")
    func notary() async throws {
        let lies = { (key: SigningDouble) in
            var lies = PlayedServer.Lies()
            lies.notary = key
            return lies
        }
        let good = PlayedServer(
            lies(second),
            directory: .init(notary: second, endorsements: [first.endorsement(of: second, purpose: "notary")]))
        let key = InMemoryKey()
        let session = try await good.client(notary: first.publicKey).authProxy.logIn(
            try await good.proxyVerification(key), key: key, sessionKey: key)
        #expect(session.user == "u-1")
        let mixed = PlayedServer(
            lies(second), directory: .init(notary: second, endorsements: [first.endorsement(of: second)]))
        await #expect(throws: CountersignError.code(.untrustedSigner)) {
            try await mixed.client(notary: first.publicKey).authProxy.logIn(
                try await mixed.proxyVerification(key), key: key, sessionKey: key)
        }
    }

    @Test("a server that publishes no keys endorses none")
    func noDirectory() async throws {
        var lies = PlayedServer.Lies()
        lies.signer = second
        let client = try PlayedServer(lies).client(signer: first.publicKey)
        await #expect(throws: CountersignError.code(.untrustedSigner)) {
            try await client.challenges.start(for: PlayedServer.contact)
        }
    }

    private func played(
        signedBy signer: SigningDouble, _ endorsements: [String], current: SigningDouble
    ) -> PlayedServer {
        var lies = PlayedServer.Lies()
        lies.signer = signer
        return PlayedServer(lies, directory: .init(signer: current, endorsements: endorsements))
    }
}
