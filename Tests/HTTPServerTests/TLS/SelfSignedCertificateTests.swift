import Testing

@testable import HTTPServer

@Suite("Certificates for trials")
struct SelfSignedCertificateTests {
    private func made(_ hosts: [String]) throws -> SelfSignedCertificate {
        try SelfSignedCertificate(hosts: hosts, days: 1, now: CertificateFolder.now)
    }

    @Test("names and addresses are each written as what they are")
    func names() throws {
        let certificate = try made(["login.example.com", "localhost", "192.0.2.7", "2001:db8::7"])
        #expect(
            certificate.facts.names == "DNS:login.example.com, DNS:localhost, IP Address:192.0.2.7, "
                + "IP Address:2001:DB8:0:0:0:0:0:7")
    }

    @Test(
        "anything else is refused, and the error says what is taken",
        arguments: [
            [], [""], ["https://login.example.com"], ["localhost:443"], ["*.example.com"], ["[::1]"], ["a b"],
            ["10.0.0.256"], ["a,URI:https://b"], ["localhost", "bücher.example"],
        ])
    func others(_ hosts: [String]) {
        let error = #expect(throws: TLSError.self) { try made(hosts) }
        #expect(error?.code == .noHost && error?.description.contains("such as login.example.com") == true)
    }
}
