import SealedPasscodes
import Workspaces

extension APIKeys {
    /// The caller behind a stamp that came over the Unix socket.
    public func caller(stampedBy key: P256PublicKey) async throws(WorkspaceError) -> Caller {
        do { return try await caller(stampedBy: key, from: nil) } catch { throw error.error }
    }

    /// Who calls with a key, from an address.
    public func caller(_ key: String, from address: String?) async throws(WorkspaceError) -> Caller {
        do {
            return try await identify(PresentedKey(text: key, fromBrowser: false, address: address))
        } catch {
            throw error.error
        }
    }
}
