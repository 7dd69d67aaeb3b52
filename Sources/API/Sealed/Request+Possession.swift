import HTTPServer
import SealedPasscodes

extension Request {
    /// The proof in `DPoP`, and its text (RFC 9449 §4.1). Throws `Problem` for none, for two, and for what is none.
    func possessionProof() throws(Problem) -> (text: String, key: P256PublicKey) {
        let proofs = headers.values("DPoP")
        guard let text = proofs.first, proofs.count == 1 else { throw .proofRefused }
        guard let proof = try? PossessionProof(text) else { throw .proofRefused }
        return (text, proof.key)
    }
}

extension Rooms {
    /// What a proof that comes with a request has to prove: this method at this path, under any address of the server.
    func expectation(of request: Request, token: String?) -> PossessionProof.Expectation {
        PossessionProof.Expectation(
            method: request.method.rawValue, addresses: issuer.addresses.map { $0 + request.path }, token: token)
    }
}
