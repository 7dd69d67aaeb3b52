import Testing

@testable import HTTPServer

@Suite("Client certificates")
struct ClientCertificateTests {
    private let server: CertificateFolder
    private let client: CertificateFolder

    init() throws {
        server = try CertificateFolder()
        client = try CertificateFolder(host: "operator")
    }

    /// What the handshake found, where the authorities in `authorities` are asked for.
    private func shown(_ identity: CertificateFolder?, authorities: String?) throws -> Transport? {
        let context = try server.context { $0.clientAuthorities = authorities }
        let files = identity.map { ($0.files.certificate, $0.files.key) }
        let conversation = try TLSConversation(context, client: TLSClient(identity: files))
        try conversation.shakeHands()
        return conversation.behind.transport
    }

    @Test("a certificate that no authority vouches for is known as such, and ends no handshake")
    func unknown() throws {
        let transport = try shown(client, authorities: server.files.certificate)
        guard case .refused(let reason) = transport?.clientCertificate else {
            Issue.record("\(String(describing: transport))")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test("a client without a certificate is let in without one")
    func none() throws {
        #expect(try shown(nil, authorities: server.files.certificate) == Transport(isEncrypted: true))
    }

    @Test("nobody is asked where no authority is named")
    func unasked() throws {
        #expect(try shown(client, authorities: nil) == Transport(isEncrypted: true))
    }
}
