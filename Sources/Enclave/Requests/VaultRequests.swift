import EnclaveLink

/// What the host asks about the master keys.
struct VaultRequests: Sendable {
    let keeper: any KeyKeeping
    let sealer: VersionedSealer

    func describe() throws(EnclaveError) -> VaultDescription { try keeper.describe() }

    func rotate() throws(EnclaveError) -> VaultDescription {
        sealer.keys.replace(by: try keeper.rotate())
        return try keeper.describe()
    }

    func retire(keeping newest: UInt32) throws(EnclaveError) -> VaultDescription {
        sealer.keys.replace(by: try keeper.retire(keeping: newest))
        return try keeper.describe()
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
