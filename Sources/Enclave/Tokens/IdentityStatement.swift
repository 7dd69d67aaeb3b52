import EnclaveLink

/// What an identity token will state.
struct IdentityStatement: Sendable {
    let proven: ProvenContact
    let request: IdentityTokenRequest
}
