/// What a new installation shows once.
struct FirstKeys: Encodable {
    struct Keys: Encodable {
        var live: String
        var test: String
        var `operator`: String
    }

    struct EnclaveKeys: Encodable {
        /// The enclave's P-256 public key, which clients pin: the uncompressed point in hexadecimal.
        var signingKey: String
    }

    var workspace: String
    var issuer: String
    var keys: Keys
    var enclave: EnclaveKeys

    /// For people.
    var text: String {
        """
        A new installation. These keys are shown once; keep them where secrets are kept.

          workspace       \(workspace)
          issuer          \(issuer)
          live key        \(keys.live)
          test key        \(keys.test)
          operator's key  \(keys.operator)
          enclave's key   \(enclave.signingKey)
        """
    }
}
