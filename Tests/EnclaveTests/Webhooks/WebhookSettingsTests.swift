import Configuration
import EnclaveLink
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct WebhookSettingsTests {
        private let folder: SettingsFolder

        init() throws { folder = try SettingsFolder() }

        @Test("without the section webhooks go to every host with a public address")
        func absent() throws {
            let webhooks = try #require(try folder.settings("inbox: true\n").webhooks)
            #expect(webhooks.reach == WebhookReach())
            #expect(webhooks.certificateAuthorities.count > 1000)
        }

        @Test("every setting counts, and paths are relative to the file")
        func everything() throws {
            try folder.write("-----BEGIN CERTIFICATE-----\n", to: "ca.pem")
            let webhooks = try #require(
                try folder.settings(
                    "webhooks: {hosts: [\"*.Example.com\", 192.0.2.1], private_hosts: [hooks.internal], ca_file: ca.pem}\n"
                ).webhooks)
            #expect(webhooks.reach.hosts?.map(\.text) == ["*.example.com", "192.0.2.1"])
            #expect(webhooks.reach.privateHosts.map(\.text) == ["hooks.internal"])
            #expect(webhooks.certificateAuthorities == Array("-----BEGIN CERTIFICATE-----\n".utf8))
        }

        @Test("an empty list of hosts is nobody, not everybody")
        func nobody() throws {
            #expect(try folder.settings("webhooks: {hosts: []}\n").webhooks?.reach.hosts == [])
        }

        @Test(
            "a wrong setting is refused with its line and what is allowed",
            arguments: [
                ("{hosts: hooks.example.com}", "webhooks.hosts must be a list"),
                ("{hosts: [\"https://a\"]}", "webhooks.hosts must be at most 256 hosts"),
                ("{private_hosts: [\"*\"]}", "webhooks.private_hosts must be at most 256 hosts"),
                ("{ca_file: none}", "webhooks.ca_file none cannot be read"),
                ("{host: [a]}", "unknown setting \"webhooks.host\""),
            ])
        func refusals(_ section: String, _ message: String) {
            let refusal = folder.refusal(of: "webhooks: \(section)\n")
            #expect(refusal.hasPrefix("enclave.yaml:1: \(message)"), "\(refusal)")
        }
    }
}
