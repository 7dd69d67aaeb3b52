import Encodings
import EnclaveLink

/// What the host asks about the master keys.
struct VaultRequests: Sendable {
    let keeper: any KeyKeeping
    let sealer: VersionedSealer
    let keys: SigningKeyRing

    func describe() throws(EnclaveError) -> VaultDescription {
        var description = try keeper.describe()
        guard keeper.makesIdentityKeysInToken, let token = keeper.token else { return description }
        let there = try token.signingKeys()
        // After those of the token: a key that was just made is in the ring by now.
        let known = keys.inToken
        description.identityKeys = VaultDescription.TokenKeys(
            count: UInt32(there.count), unknown: there.filter { !known.contains($0) }.map(Hexadecimal.encode))
        return description
    }

    func rotate() throws(EnclaveError) -> VaultDescription {
        sealer.keys.replace(by: try keeper.rotate())
        return try describe()
    }

    func retire(keeping newest: UInt32) throws(EnclaveError) -> VaultDescription {
        sealer.keys.replace(by: try keeper.retire(keeping: newest))
        return try describe()
    }

    /// - Throws: `sealRefused` if the blob does not open at that place.
    func reseal(_ request: Reseal) throws(EnclaveError) -> Resealed {
        let place: SealedPlace =
            switch request.place {
            case .signingKey(let purpose, let identifier): .signingKey(purpose, identifier: identifier)
            case .webhookSecret(let workspace, let endpoint): .webhookSecret(workspace: workspace, endpoint: endpoint)
            }
        return Resealed(sealed: try sealer.reseal(request.sealed, for: place))
    }
}
