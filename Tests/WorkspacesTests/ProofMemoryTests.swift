import Fixtures
import SealedPasscodes
import Testing
import Workspaces

@Suite("The memory of proofs")
struct ProofMemoryTests {
    private static let start: Int64 = 1_795_248_000

    private func proof(
        _ client: SealedClient, at seconds: Int64 = start, identifier: String
    ) throws -> PossessionProof {
        try PossessionProof(
            client.possession(
                method: "GET", address: "https://example.com/", token: nil, identifier: identifier, now: seconds * 1000)
        )
    }

    @Test("identifiers of one client say nothing about another's")
    func keysAreApart() throws {
        let memory = ProofMemory()
        let clients = [try SealedClient(), try SealedClient()]
        for client in clients { try memory.accept(proof(client, identifier: "1"), now: Self.start) }
        for client in clients {
            let again = try proof(client, at: Self.start + 1, identifier: "1")
            #expect(throws: ProofMemory.Refusal.seenBefore) { try memory.accept(again, now: Self.start) }
        }
    }

    @Test("a full memory refuses, and has room again when its proofs' time is over")
    func capacity() throws {
        let memory = ProofMemory(capacity: 3, share: 3)
        for position in 0..<3 { try memory.accept(proof(SealedClient(), identifier: "\(position)"), now: Self.start) }
        let next = try proof(SealedClient(), at: Self.start + 60, identifier: "next")
        #expect(throws: ProofMemory.Refusal.full) { try memory.accept(next, now: Self.start + 60) }
        try memory.accept(next, now: Self.start + 61)
    }

    @Test("a key that floods is refused before others are, for as long as it floods")
    func share() throws {
        let memory = ProofMemory(capacity: 100, share: 2)
        let flooding = try SealedClient()
        for position in 0..<2 { try memory.accept(proof(flooding, identifier: "\(position)"), now: Self.start) }
        let next = try proof(flooding, identifier: "next")
        #expect(throws: ProofMemory.Refusal.shareUsedUp(proofs: 2)) {
            try memory.accept(next, now: Self.start)
        }
        try memory.accept(proof(SealedClient(), identifier: "1"), now: Self.start)
        try memory.accept(proof(flooding, at: Self.start + 61, identifier: "later"), now: Self.start + 61)
    }

    @Test("a proof is remembered to the last second in which it counts")
    func window() throws {
        let memory = ProofMemory(capacity: 1)
        let ahead = try proof(SealedClient(), at: Self.start + PossessionProof.window, identifier: "ahead")
        try memory.accept(ahead, now: Self.start)
        #expect(throws: ProofMemory.Refusal.seenBefore) {
            try memory.accept(ahead, now: Self.start + 2 * PossessionProof.window)
        }
    }
}
