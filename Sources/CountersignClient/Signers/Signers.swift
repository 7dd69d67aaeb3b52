/// The keys that the enclave signs with, as far as the pinned ones vouch for them.
public struct Signers: Sendable {
    let trust: SignerTrust

    /// What to pin from now on.
    public struct Pins: Sendable, Hashable, Codable {
        public let signer: PublicKey?
        public let notary: PublicKey?
    }

    /// Follows a rotation from the pinned keys to those that the server names as current, each step signed by the key
    /// before. Keep the result and pin it at the next start: a client that was away for many rotations follows a shorter
    /// way then.
    ///
    /// The client's other calls follow by themselves.
    /// - Throws: `untrustedSigner` where the pinned key did not endorse the current one; the network's errors.
    public func follow() async throws(CountersignError) -> Pins {
        let directory = try await trust.follow()
        return Pins(signer: try await current(.signer, directory), notary: try await current(.notary, directory))
    }

    /// The one of the server's current keys that the pinned one vouches for; nil where none is pinned.
    private func current(
        _ role: TrustedKeys.Role, _ directory: SignerDirectory
    ) async throws(CountersignError) -> PublicKey? {
        let trusted = await trust.keys(role)
        guard !trusted.isEmpty else { return nil }
        guard let key = trusted.last(where: { directory.names($0, role) }) else { throw .untrustedSigner() }
        return key
    }
}
