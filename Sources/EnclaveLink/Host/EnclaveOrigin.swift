/// Where enclaves come from.
public enum EnclaveOrigin: Sendable {
    /// The host starts each as its child.
    case child(EnclaveCommand)
    /// Another user's service, which listens on the Unix socket at this path.
    case service(socket: String)

    /// How long the host tries to reach a first enclave: one that another starts may be about to come up, or about to end
    /// with the host of before.
    var patience: Duration {
        switch self {
        case .child: .zero
        case .service: .seconds(20)
        }
    }
}
