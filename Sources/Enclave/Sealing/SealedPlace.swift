import EnclaveLink

/// What a sealed blob is and where it belongs. It opens for exactly this and nothing else.
struct SealedPlace: Sendable {
    let purpose: String
    let workspace: String
    let record: String

    static func challenge(workspace: String, record: String) -> Self {
        Self(purpose: "challenge", workspace: workspace, record: record)
    }

    static func webhookSecret(workspace: String, endpoint: String) -> Self {
        Self(purpose: "webhook-secret", workspace: workspace, record: endpoint)
    }

    /// A signing key belongs to the installation, not to a workspace; its purpose is sealed with it (RFC 8725 §3.8).
    static func signingKey(_ purpose: SigningKeyPurpose, identifier: String) -> Self {
        Self(purpose: "signing-key/\(purpose.rawValue)", workspace: "", record: identifier)
    }
}
