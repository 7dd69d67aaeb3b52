import Testing

@testable import Configuration

@Suite("credentials of the service manager")
struct CredentialTests {
    private let folder = CredentialFolder("/run/credentials/x.service")

    private func path(_ text: String, _ credentials: CredentialFolder) throws(ConfigurationError) -> String? {
        let bytes = Array("key: \(text)\n".utf8)
        return try ConfigurationFile(bytes: bytes, name: "test.yaml", credentials: credentials).root.path("key")
    }

    @Test("credential:NAME is the file of that name, and any other text is the path that it is")
    func paths() throws {
        #expect(try path("credential:tls.key", folder) == "/run/credentials/x.service/tls.key")
        #expect(try path("/etc/tls.key", folder) == "/etc/tls.key")
        #expect(try path("credentials/tls.key", folder) == "credentials/tls.key")
        #expect(try ConfigurationFile(bytes: [], name: "test.yaml", credentials: folder).root.path("key") == nil)
    }

    @Test("sections inside the file know the folder too")
    func sections() throws {
        let bytes = Array("tls:\n  key: credential:tls.key\n".utf8)
        let root = try ConfigurationFile(bytes: bytes, name: "test.yaml", credentials: folder).root
        #expect(try root.section("tls")?.requiredPath("key") == "/run/credentials/x.service/tls.key")
    }

    @Test(
        "a name leads nowhere else",
        arguments: ["credential:../shadow", "credential:a/b", "credential:..", "credential:.", "'credential:'"])
    func escapes(_ text: String) {
        let refused = refusal { () throws(ConfigurationError) in _ = try path(text, folder) }
        #expect(refused == "test.yaml:1: key must name a credential without a path: credential:NAME")
    }

    @Test("a path is known to lead to a credential, which is a copy")
    func contains() {
        #expect(folder.contains("/run/credentials/x.service/tls.crt"))
        #expect(!folder.contains("/run/credentials/x.service2/tls.crt"))
        #expect(!folder.contains("/etc/countersign/tls.crt"))
        #expect(!CredentialFolder(nil).contains("/etc/countersign/tls.crt"))
    }

    @Test("where none was given, the error says what the unit needs")
    func absent() {
        let refused = refusal { () throws(ConfigurationError) in
            _ = try path("credential:tls.key", CredentialFolder(nil))
        }
        #expect(refused?.contains("LoadCredential=tls.key:FILE") == true)
    }
}
