import EnclaveLink

/// A challenge that was sent to nobody, lives as long as the boot and cannot be won: attempts without a challenge
/// are worked on it.
struct Decoy: Sendable {
    let record: SealedRecord

    init(issuer: ChallengeIssuer) throws(EnclaveError) {
        let secret = ChallengeSecret(
            mode: .live, contact: ContactAddress(kind: .phone, value: "+10000000000"),
            channels: [.sms], alphabet: .digits,
            code: try issuer.codes.makeCode(CodeFormat(alphabet: .digits, length: 6)),
            createdAt: 0, expiresAt: .max, steadyExpiry: .max, attemptLimit: .max, target: nil)
        // The names are as long as real ones, so that deriving the key takes as long.
        let workspace = "ws_decoy00000000"
        let challenge = "ch_decoy0000000000000000"
        record = SealedRecord(
            workspace: workspace, record: challenge,
            sealed: try issuer.seal(secret, workspace: workspace, challenge: challenge))
    }
}
