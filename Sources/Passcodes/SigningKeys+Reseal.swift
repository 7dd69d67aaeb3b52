import EnclaveLink
import Storage
import Workspaces

extension SigningKeys: MasterKeyUser {
    public func reseal(with enclave: any EnclaveCalling) async throws(WorkspaceError) -> Int {
        var count = 0
        do { try await refresh() } catch { throw .unavailable(error.message) }
        for key in all {
            let place = Reseal.Place.signingKey(key.purpose, identifier: key.id)
            guard let fresh = try await reseal(key.sealed, at: place, with: enclave) else { continue }
            try await database.write(throwing: WorkspaceError.self) { transaction in
                try key.replaceSealed(by: fresh, in: transaction)
            }
            count += 1
        }
        do { try await refresh() } catch { throw .unavailable(error.message) }
        return count
    }
}

extension SigningKey {
    fileprivate func replaceSealed(by fresh: [UInt8], in transaction: any Transaction) throws(StorageError) {
        try transaction.execute(
            "UPDATE signing_key SET sealed = $4 WHERE workspace = $1 AND id = $2 AND sealed = $3",
            [.text(Self.instance), .text(id), .bytes(sealed), .bytes(fresh)])
    }
}
