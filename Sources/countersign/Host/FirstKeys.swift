/// What a new installation shows once.
struct FirstKeys: Encodable {
    struct Keys: Encodable {
        var live: String
        var test: String
        var `operator`: String
    }

    /// P-256 public keys that clients pin: uncompressed points in hexadecimal.
    struct EnclaveKeys: Encodable {
        /// Signs target keys and verification tokens.
        var signingKey: String
        /// Signs the Turnkey dialect's sessions.
        var notaryKey: String
    }

    var workspace: String
    /// The workspace as the Turnkey dialect names it.
    var organization: String
    /// The workspace as apps and pages name it that have no key.
    var authProxyConfiguration: String
    var issuer: String
    var keys: Keys
    var enclave: EnclaveKeys

    enum CodingKeys: String, CodingKey {
        case workspace
        case organization = "organizationId"
        case authProxyConfiguration = "authProxyConfig"
        case issuer, keys, enclave
    }

    /// For people.
    var text: String {
        """
        A new installation. These keys are shown once; keep them where secrets are kept.

          workspace          \(workspace)
          organization id    \(organization)
          auth proxy config  \(authProxyConfiguration)
          issuer             \(issuer)
          live key           \(keys.live)
          test key           \(keys.test)
          operator's key     \(keys.operator)
          enclave's key      \(enclave.signingKey)
          notary's key       \(enclave.notaryKey)
        """
    }
}
