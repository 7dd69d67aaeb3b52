import EnclaveLink

/// What an identity token will state.
struct IdentityStatement: Sendable {
    let proven: ProvenContact
    /// What the code was for, as sealed in the challenge.
    let claims: ChallengeClaims?
    let request: IdentityTokenRequest
}
