import API
import HTTPServer

extension HostCheckup {
    /// Networks that are so wide that strangers are in them; nil where there are none.
    static func proxyFinding(_ proxies: TrustedProxies) -> CheckupFinding? {
        let wide = proxies.addresses.filter(\.isWiderThanAnyNetwork).map(\.description)
        guard !wide.isEmpty else { return nil }
        return CheckupFinding(
            "proxies", .warning,
            "behind_proxy names \(wide.joined(separator: ", ")): whoever connects from there may say that it speaks for any "
                + "client, past limits and lists of addresses, and so it stands in the audit.",
            advice: "Name the proxies alone, by address or by the network that they are in, such as "
                + "--behind-proxy 10.0.0.2,10.0.1.0/24 or behind_proxy: [10.0.0.2, 10.0.1.0/24].")
    }
}
