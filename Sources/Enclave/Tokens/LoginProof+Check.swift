import Encodings
import EnclaveLink
import JOSE
import SealedPasscodes

extension SignSession {
    /// Checks that the token's key asks for a session under the session key.
    func checkProof(of client: VerifiedClient, now: EnclaveInstant) throws(TokenFault) {
        switch proof {
        case .message(let message):
            let content = try client.signedObject(message)
            try client.checkUse("USAGE_TYPE_LOGIN", in: content)
            try checkUsage(content)
        case .stampedBody(let message):
            let content = try client.signedObject(message)
            guard let type = content["type"]?.text, let organization = content["organizationId"]?.text else {
                throw .proofMalformed
            }
            guard type == "ACTIVITY_TYPE_STAMP_LOGIN", organization == scope.organization else { throw .proofForeign }
            try checkSessionKey(content["parameters"])
        case .possession(let proof, let method, let addresses):
            try check(proof, method: method, addresses: addresses, of: client, now: now)
        }
    }

    /// What the message asks for: `login`, or from newer clients `loginV2`, which also says where and for how long.
    private func checkUsage(_ content: JSONValue) throws(TokenFault) {
        guard let usage = content["loginV2"] else { return try checkSessionKey(content["login"]) }
        try checkSessionKey(usage)
        guard let organization = usage["organizationId"]?.text else { throw .proofMalformed }
        // A session may be less than what was signed, and never more.
        let longest = usage["expirationSeconds"].map { $0.text.flatMap { Int($0) } ?? 0 } ?? lifetime
        guard organization == scope.organization, lifetime <= longest, usage["sessionProfileId"] == nil else {
            throw .proofForeign
        }
    }

    private func checkSessionKey(_ object: JSONValue?) throws(TokenFault) {
        guard let text = object?["publicKey"]?.text, let point = Hexadecimal.decode(text),
            let key = try? P256PublicKey(point: point)
        else { throw .proofMalformed }
        guard key == sessionKey else { throw .proofForeign }
    }

    /// In our own flow the session belongs to the token's key, and the proof names the token (`ath`).
    private func check(
        _ proof: String, method: String, addresses: [String], of client: VerifiedClient, now: EnclaveInstant
    ) throws(TokenFault) {
        let expectation = PossessionProof.Expectation(method: method, addresses: addresses, token: token.value)
        do throws(SealedPasscodeError) {
            let proof = try PossessionProof(proof)
            guard proof.key == client.key, sessionKey == client.key else { throw SealedPasscodeError(.wrongSigner) }
            try proof.check(expectation, now: now.unixMilliseconds / 1000)
        } catch {
            throw TokenFault(possession: error)
        }
    }
}

extension TokenFault {
    fileprivate init(possession error: SealedPasscodeError) {
        self =
            switch error.code {
            case .wrongSigner: .otherKey
            case .signatureInvalid: .proofSignature
            case .expired: .proofExpired
            case .wrongMethod, .wrongAddress, .wrongToken: .proofForeign
            default: .proofMalformed
            }
    }
}
