import Dispatch
import EnclaveLink
import Glibc

/// Whether the host, which opens the enclave's streams, can connect to a provider now.
struct ProviderReach: Sendable {
    /// Milliseconds.
    private static let timeLimit = 2_000

    let directory: DataDirectory

    /// Nil if a connection stands, else what the system said.
    func failure(of provider: ConfiguredProvider) async -> String? {
        let descriptors = HostDescriptors(inboxDirectory: directory.inbox, connectTimeLimit: Self.timeLimit)
        let destination = Destination(host: provider.host, port: provider.port)
        return await withCheckedContinuation { continuation in
            // Connecting blocks: not on a thread that requests need.
            DispatchQueue.global().async {
                do throws(DescriptorRefusal) {
                    _ = close(try descriptors.openStream(to: destination))
                    continuation.resume(returning: nil)
                } catch {
                    continuation.resume(returning: String(cString: strerror(error.status)))
                }
            }
        }
    }
}
