import EnclaveLink

extension IdentityTokenRequest {
    /// Seconds a token may live. The default of the host is 60, against replay.
    static let lifetimes = 1...600
    /// Bytes of issuer and audience.
    static let nameLengths = 1...512

    /// - Throws: `requestRefused` if lifetime, issuer or audience is out of range.
    func check() throws(EnclaveError) {
        guard
            Self.lifetimes.contains(lifetime), Self.nameLengths.contains(issuer.utf8.count),
            Self.nameLengths.contains(audience.utf8.count)
        else { throw EnclaveError(.requestRefused) }
    }
}
