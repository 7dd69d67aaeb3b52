import API
import Encodings
import HTTPServer
import Testing

@testable import countersign

@Suite("What doctor says of the proxies that are believed")
struct ProxyCheckupTests {
    private func finding(_ texts: String...) throws -> CheckupFinding? {
        HostCheckup.proxyFinding(TrustedProxies(addresses: try texts.map { try #require(AddressRange($0)) }))
    }

    @Test(
        "whoever believes everybody is warned, and told what to write instead",
        arguments: ["0.0.0.0/0", "::/0", "8.0.0.0/7"])
    func wide(_ network: String) throws {
        let finding = try #require(try finding("10.0.0.2", network))
        #expect(
            finding.status == .warning && finding.message.contains(network) && !finding.message.contains("10.0.0.2"))
        #expect(finding.advice?.contains("--behind-proxy 10.0.0.2") == true)
    }

    @Test("proxies by address or in a network of one's own are nothing to tell")
    func narrow() throws {
        #expect(try finding() == nil)
        #expect(try finding("10.0.0.0/8", "127.0.0.1", "fc00::/7", "2001:db8::/32", "198.51.100.0/24") == nil)
    }
}
