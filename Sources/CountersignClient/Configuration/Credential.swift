/// Who asks.
public struct Credential: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case secretKey(Secret)
        case configuration(String)
        case agentKey(Secret)
    }

    let kind: Kind

    /// A back end with a key of its workspace: `sk_live_…` or `sk_test_…`. Never put one into an app or a page.
    public static func secretKey(_ key: String) -> Self { Self(kind: .secretKey(Secret(key))) }

    /// An agent (`ak_live_…`, `ak_test_…`), or a service that checks agents' tokens (`vk_live_…`).
    public static func agentKey(_ key: String) -> Self { Self(kind: .agentKey(Secret(key))) }

    /// An app, with the public name of its workspace's configuration, a UUID. `countersign init --json` prints it as
    /// `authProxyConfig`.
    public static func configuration(_ identifier: String) -> Self { Self(kind: .configuration(identifier)) }
}
