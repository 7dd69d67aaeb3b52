import EnclaveLink
import HTTPServer

/// Tokens and proofs that do not count. The error codes are those of RFC 9449, where it has one.
extension Problem {
    /// A verification token, or the proof beside it, that does not count at login.
    init(_ fault: TokenFault) {
        switch fault {
        case .tokenMalformed, .tokenSignature, .tokenForeign:
            self.init(
                .badRequest, "verification_token_invalid", "The verification token is none of this workspace's.")
        case .tokenExpired:
            self.init(.badRequest, "verification_token_expired", "The verification token has expired. Verify again.")
        case .otherKey:
            self.init(.badRequest, Self.proofCode, "The proof is not by the verification token's key.")
        case .proofMalformed, .proofSignature, .proofForeign, .proofExpired: self = .proofRefused
        }
    }

    /// A DPoP proof that does not count, where it stands for a request (RFC 9449 §5).
    static let proofRefused = Problem(.badRequest, proofCode, proofRules)

    /// The same, where it stands beside a session token (RFC 9449 §7.1).
    static let sessionProofRefused = session(proofCode, proofRules)

    static let sessionMissing: Problem = {
        var problem = Problem(.unauthorized, "session_missing", "Send Authorization: DPoP <session_token>.")
        problem.authentication = "DPoP \(algorithms)"
        return problem
    }()

    /// A session token that is none, or whose session has ended.
    static let sessionRefused = session("invalid_token", "There is no such session, or it has ended. Log in.")

    private static let proofCode = "invalid_dpop_proof"
    private static let proofRules = """
        Send one DPoP header: a fresh ES256 proof for this method and address, not older than a minute and never sent \
        before, whose ath is the hash of the token that it goes with.
        """
    private static let algorithms = #"algs="ES256""#

    private static func session(_ code: String, _ detail: String) -> Problem {
        var problem = Problem(.unauthorized, code, detail)
        problem.authentication = #"DPoP error="\#(code)", error_description="\#(detail)", \#(algorithms)"#
        return problem
    }
}
