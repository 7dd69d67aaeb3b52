import Fixtures
import HTTPServer
import SealedPasscodes
import Testing

/// Proofs of possession at our own API: what is no fresh proof for exactly this request opens no session and uses none.
@Suite("Proofs of possession")
struct PossessionTests {
    @Test("a proof by another key counts nowhere", arguments: ProofPlace.allCases)
    func otherKey(_ place: ProofPlace) async throws {
        let holder = try await ProofHolder(place)
        var thief = holder.party
        thief.client = try SealedClient()
        try await holder.expectRefused(thief.proof(place.method, holder.path, token: holder.token))
        try await holder.expectAccepted(holder.proof())
    }

    @Test("a proof for another method, path or server counts nowhere", arguments: ProofPlace.allCases)
    func otherRequest(_ place: ProofPlace) async throws {
        let holder = try await ProofHolder(place)
        for method in ["PUT", "get", place == .me ? "POST" : "GET"] {
            try await holder.expectRefused(
                holder.party.proof(method, holder.path, token: holder.token), comment: "\(method)")
        }
        for path in ["/v1/sessions/", "/v1/session", holder.path + "/", "/", "", holder.path.uppercased()] {
            try await holder.expectRefused(holder.proof(path: path), comment: "\(path)")
        }
        for address in [
            "https://127.0.0.1:3000", "http://127.0.0.1", "http://127.0.0.1:3001", "http://evil.example.com", "",
            "http://127.0.0.1:3000@evil.example.com", "http://127.0.0.1:3000.evil.example.com",
        ] {
            try await holder.expectRefused(holder.proof(address: address), comment: "\(address)")
        }
        try await holder.expectAccepted(holder.proof())
    }

    @Test(
        "every spelling of the server's own address will do, with a query or without",
        arguments: ["http://127.0.0.1:3000", "http://localhost:3000", "HTTP://LocalHost:3000"])
    func ownAddress(_ address: String) async throws {
        let holder = try await ProofHolder(.me)
        try await holder.expectAccepted(holder.proof(address: address))
        try await holder.expectAccepted(holder.proof(address: address, path: holder.path + "?a=b"))
    }

    @Test("a proof is good for a minute before and after its time", arguments: ProofPlace.allCases)
    func time(_ place: ProofPlace) async throws {
        let holder = try await ProofHolder(place)
        let now = holder.party.now
        try await holder.expectRefused(holder.proof(at: now - 61_000), holder.proof(at: now + 61_000))
        try await holder.expectAccepted(holder.proof(at: now - 60_000))
    }

    @Test("a proof serves one request")
    func replay() async throws {
        let holder = try await ProofHolder(.me)
        let proof = try holder.proof()
        try await holder.expectAccepted(proof)
        try await holder.expectRefused(proof)
    }

    @Test("of many requests with one proof, sent at the same time, one is answered")
    func parallelReplay() async throws {
        let holder = try await ProofHolder(.me)
        let proof = try holder.proof()
        let answered = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await holder.present(proof).status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answered.filter { $0 == 200 }.count == 1 && answered.filter { $0 == 401 }.count == 19)
    }

    @Test("a proof without ath, or for another token, counts nowhere", arguments: ProofPlace.allCases)
    func otherToken(_ place: ProofPlace) async throws {
        let holder = try await ProofHolder(place)
        let other = try await holder.party.openSession("grace@example.com")
        for token in [nil, other.token, ""] {
            try await holder.expectRefused(holder.party.proof(place.method, holder.path, token: token))
        }
        try await holder.expectAccepted(holder.proof())
    }

    @Test("a request needs one proof: none and two are refused", arguments: ProofPlace.allCases)
    func count(_ place: ProofPlace) async throws {
        let holder = try await ProofHolder(place)
        let none = try await holder.present()
        let two = try await holder.present(holder.proof(), holder.proof())
        for answer in [none, two] {
            #expect(answer.code == "invalid_dpop_proof" && answer.status == (place == .logIn ? 400 : 401))
        }
        try await holder.expectAccepted(holder.proof())
    }
}
