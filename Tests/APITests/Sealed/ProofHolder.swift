import HTTPServer
import JOSE
import SealedPasscodes
import Testing

/// Where a proof is due.
enum ProofPlace: CaseIterable, CustomStringConvertible {
    case logIn, me, end

    var method: String {
        switch self {
        case .logIn: "POST"
        case .me: "GET"
        case .end: "DELETE"
        }
    }
    var description: String { method }
}

/// A person with a token to prove something for: before the login a verification token, after it a session's.
struct ProofHolder {
    let party: SealedParty
    let place: ProofPlace
    let token: String
    let path: String

    init(_ place: ProofPlace) async throws {
        party = try SealedParty.backEnd(try await TestServer())
        self.place = place
        if place == .logIn {
            token = try await party.prove()
            path = "/v1/sessions"
        } else {
            let session = try await party.openSession()
            token = session.token
            path = place == .me ? "/v1/sessions/me" : "/v1/sessions/\(session.id)"
        }
    }

    func proof(at time: Int64? = nil, address: String = SealedParty.address, path: String? = nil) throws -> String {
        try party.proof(place.method, path ?? self.path, token: token, at: time, address: address)
    }

    func present(_ proofs: String...) async throws -> TestServer.Answer {
        var headers = proofs.map { ("DPoP", $0) }
        guard place != .logIn else {
            return await party.call(
                .POST, path, headers: headers, body: #"{"verification_token":"\#(token)"}"#)
        }
        headers.append(("Authorization", "DPoP \(token)"))
        return await party.server.call(place == .me ? .GET : .DELETE, path, headers: headers)
    }

    func expectRefused(_ proofs: String..., comment: Comment? = nil) async throws {
        for proof in proofs {
            let answer = try await present(proof)
            #expect(answer.code == "invalid_dpop_proof", comment)
            #expect(answer.status == (place == .logIn ? 400 : 401), comment)
            guard place != .logIn else { continue }
            let challenge = answer.headers["WWW-Authenticate"] ?? ""
            #expect(challenge.hasPrefix(#"DPoP error="invalid_dpop_proof""#), comment)
            #expect(challenge.contains(#"algs="ES256""#), comment)
        }
    }

    /// The control: what was refused before used nothing up.
    func expectAccepted(_ proof: String) async throws {
        let answer = try await present(proof)
        #expect((200..<300).contains(answer.status), "\(answer.text)")
    }

    /// A proof of any form, rightly signed by the holder's key.
    func proof(header: String, claims: String) throws -> String {
        let input = JSONWebSignature.signingInput(header: header, payload: claims)
        let signature = try party.client.sign(String(decoding: input, as: UTF8.self)).signature
        return JSONWebSignature.assemble(signingInput: input, signature: signature)
    }
}

/// A proof's header or claims, as text.
func part(_ index: Int, ofProof proof: String) throws -> String {
    String(decoding: try Base64URL.decode(String(proof.split(separator: ".")[index])), as: UTF8.self)
}
