import Configuration
import EnclaveLink
import Testing

@testable import Enclave

@Suite("Enclave: the settings of the keys")
struct KeySettingsTests {
    private let folder: SettingsFolder
    private let vault = "vault: {module: /hsm.so, token: one, key: master, pin_file: pin}\n"

    init() throws { folder = try SettingsFolder() }

    private func refusal(of text: String) throws -> String {
        try folder.write(text)
        do {
            _ = try KeySettings(configurationFile: folder.path, credentials: CredentialFolder(nil))
            return "accepted"
        } catch {
            return "\(error)".split(separator: "/").last.map(String.init) ?? ""
        }
    }

    @Test("they are read without the credentials of providers, which only the enclave itself is given")
    func withoutCredentials() throws {
        let mail = "smtp: {host: mail.example.com, from: a@example.com, username: a, password_file: credential:mail}\n"
        #expect(try refusal(of: mail + vault) == "accepted")
        let settings = try KeySettings(configurationFile: folder.path, credentials: CredentialFolder(nil))
        #expect(settings.vault?.key == "master")
        #expect(throws: ConfigurationError.self) {
            try EnclaveSettings(configurationFile: folder.path, credentials: CredentialFolder(nil))
        }
    }

    @Test(
        "a misspelt vault is refused, and leaves no key in the clear", arguments: ["valt", "vaults", "preceding_vault"])
    func misspelt(name: String) throws {
        #expect(
            try refusal(of: vault.replacing("vault", with: name)).hasPrefix(
                "enclave.yaml:1: unknown setting \"\(name)\""))
    }

    @Test("so is a misspelt setting of the vault")
    func misspeltInside() throws {
        #expect(
            try refusal(of: vault.replacing("pin_file: pin", with: "pin_file: pin, identity_key: true"))
                .hasPrefix("enclave.yaml:1: unknown setting \"vault.identity_key\""))
    }

    @Test(
        "what else may stand in the file stands there unread",
        arguments: [
            "captcha: {provider: nobody}", "providers: [{type: none}]", "sandbox: never", "audit_log: {witnesses: 1}",
        ])
    func others(text: String) throws {
        #expect(try refusal(of: text + "\n") == "accepted")
    }

    @Test(
        "they say of each wrapping what a start would make of it",
        arguments: [
            ("", nil, .settled), ("", "one", .unnamed), ("vault", "one", .settled), ("vault", nil, .unnamed),
            ("vault", "two", .unnamed), ("previous_vault", "one", .awaitsRewrap), ("previous_vault", nil, .settled),
        ] as [(String, String?, VaultDescription.Outlook)])
    func outlook(section: String, token: String?, outlook: VaultDescription.Outlook) throws {
        try folder.write(section.isEmpty ? "" : vault.replacing("vault", with: section))
        let settings = try KeySettings(configurationFile: folder.path, credentials: CredentialFolder(nil))
        let wrapping = token.map { VaultDescription.Wrapping(token: $0, key: "master") }
        #expect(settings.outlook(of: wrapping) == outlook)
    }
}
