import Configuration
import EnclaveLink
import Foundation
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct DeliverySettingsTests {
        private let folder: SettingsFolder

        init() throws { folder = try SettingsFolder() }

        private func settings(_ text: String) throws -> DeliverySettings { try folder.settings(text).delivery }

        @Test("without a file, and with an empty one, there is no provider")
        func absent() throws {
            #expect(try EnclaveSettings(configurationFile: folder.path).delivery == DeliverySettings())
            #expect(try settings("# nothing\n") == DeliverySettings())
            #expect(DeliverySettings().providers == [])
        }

        @Test("the inbox is on and the sandbox required unless the file says otherwise")
        func inboxAndSandbox() throws {
            #expect(try settings("").usesInbox && !settings("inbox: false\n").usesInbox)
            #expect(try folder.settings("").sandbox == .required)
            #expect(try folder.settings("sandbox: optional\n").sandbox == .optional)
            #expect(folder.refusal(of: "sandbox: none\n").contains("enclave.yaml:1"))
        }

        @Test("the least that a mail server needs")
        func least() throws {
            let smtp = try #require(try settings("smtp:\n  host: smtp.example.com\n  from: a@example.com\n").smtp)
            #expect(smtp.host == "smtp.example.com")
            #expect(smtp.port == 587)
            #expect(smtp.encryption == .starttls)
            #expect(smtp.credentials == nil)
            #expect(smtp.helloName == "example.com")
            #expect(smtp.connections == 4)
            #expect(smtp.certificateAuthorities.count > 1000)
            let implicit = try settings("smtp: {host: smtp.example.com, from: a@example.com, tls: implicit}")
            #expect(
                implicit.providers == [
                    ConfiguredProvider(purpose: .messages(.email), name: "smtp", host: "smtp.example.com", port: 465)
                ])
        }

        @Test("every setting counts, and paths are relative to the file")
        func everything() throws {
            try folder.write("correct horse\n", to: "secret")
            try folder.write("-----BEGIN CERTIFICATE-----\n", to: "ca.pem")
            let settings = try settings(
                """
                smtp:
                  host: 192.0.2.1
                  port: 2525
                  tls: implicit
                  username: mailer
                  password_file: secret
                  ca_file: ca.pem
                  from: "Exämple, Inc. <no-reply@example.com>"
                  hello_name: mail.example.com
                  connections: 2
                """)
            let smtp = try #require(settings.smtp)
            #expect(smtp.host == "192.0.2.1")
            #expect(smtp.port == 2525)
            #expect(smtp.encryption == .implicit)
            #expect(smtp.credentials == SMTPCredentials(username: "mailer", password: "correct horse"))
            #expect(smtp.certificateAuthorities == Array("-----BEGIN CERTIFICATE-----\n".utf8))
            #expect(smtp.sender.name == "Exämple, Inc.")
            #expect(smtp.sender.address == "no-reply@example.com")
            #expect(smtp.helloName == "mail.example.com")
            #expect(smtp.connections == 2)
        }

        @Test(
            "a wrong setting is refused with its line and what is allowed",
            arguments: [
                ("  hots: a\n", "enclave.yaml:2: smtp.host is missing"),
                ("  host: a\n  from: a@b.c\n  pasword: x\n", "enclave.yaml:4: unknown setting \"smtp.pasword\""),
                ("  host: a/b\n  from: a@b.c\n", "enclave.yaml:2: smtp.host must be a host name"),
                (
                    "  host: a\n  from: a@b.c\n  port: 0\n",
                    "enclave.yaml:4: smtp.port must be a whole number from 1 to 65535"
                ),
                (
                    "  host: a\n  from: a@b.c\n  tls: none\n",
                    "enclave.yaml:4: smtp.tls must be one of starttls, implicit"
                ),
                ("  host: a\n  from: a b\n", "enclave.yaml:3: smtp.from must be one mailbox"),
                ("  host: a\n  from: \"A\\nBcc: x <a@b.c>\"\n", "enclave.yaml:3: smtp.from must be one mailbox"),
                (
                    "  host: a\n  from: a@b.c\n  hello_name: a b\n",
                    "enclave.yaml:4: smtp.hello_name must be a host name"
                ),
                ("  host: a\n  from: a@b.c\n  connections: 17\n", "enclave.yaml:4: smtp.connections must be"),
                ("  host: a\n  from: a@b.c\n  username: u\n", "enclave.yaml:4: smtp.username needs smtp.password"),
                ("  host: a\n  from: a@b.c\n  password: p\n", "enclave.yaml:4: smtp.password needs smtp.username"),
                (
                    "  host: a\n  from: a@b.c\n  ca_file: none.pem\n",
                    "enclave.yaml:4: smtp.ca_file none.pem cannot be read"
                ),
                (
                    "  host: a\n  from: a@b.c\n  ca_file: enclave.yaml\n",
                    "enclave.yaml:4: smtp.ca_file enclave.yaml holds no"
                ),
                (
                    "  host: a\n  from: a@b.c\n  ca_file: /dev/zero\n",
                    "enclave.yaml:4: smtp.ca_file /dev/zero is no regular"
                ),
                (
                    "  host: a\n  from: a@b.c\n  username: u\n  password: p\n  password_file: f\n",
                    "enclave.yaml:6: smtp.password_file cannot be set together"
                ),
            ])
        func refusals(_ section: String, _ message: String) throws {
            let refusal = folder.refusal(of: "smtp:\n" + section)
            #expect(refusal.hasPrefix(message), "\(refusal)")
        }

        @Test("links and senders are read, and without them none and the sender's own domain are allowed")
        func customization() throws {
            let usual = try settings("smtp: {host: a, from: a@Example.com}\n")
            #expect(usual.links == [])
            #expect(usual.smtp?.allowedAddresses == AllowedAddresses(["example.com"]))
            let listed = try settings(
                """
                smtp: {host: a, from: a@b.c, senders: [shop.example, help@b.c]}
                links: [https://app.example.com/verify?code=]
                """)
            #expect(listed.links == [LinkPrefix("https://app.example.com/verify?code=")])
            #expect(listed.smtp?.allowedAddresses == AllowedAddresses(["shop.example", "help@b.c"]))
            let wrongSender = folder.refusal(of: "smtp: {host: a, from: a@b.c, senders: [a b]}\n")
            #expect(wrongSender.hasPrefix("enclave.yaml:1: smtp.senders must be domains or addresses"))
            let wrongLink = folder.refusal(of: "links: [https://app.example.com]\n")
            #expect(wrongLink.hasPrefix("enclave.yaml:1: links must be addresses"))
        }

        @Test(
            "a password file of two lines, or of none, is refused without being quoted",
            arguments: ["hunter2\nmore\n", ""])
        func passwordFile(_ content: String) throws {
            try folder.write(content, to: "secret")
            let refusal = folder.refusal(of: "smtp: {host: a, from: a@b.c, username: u, password_file: secret}")
            #expect(refusal.contains("smtp.password_file"))
            #expect(!refusal.contains("hunter2"))
        }

        @Test("the example is right once its settings are uncommented")
        func example() throws {
            let text = try String(contentsOf: Repository.root.appending(path: "examples/enclave.yaml"), encoding: .utf8)
            #expect(try settings(text) == DeliverySettings())
            let lines = text.split(separator: "\n").map(String.init)
            let uncommented = lines.map { line in
                line.replacing(/^( *)#((- )?[A-Za-z0-9_]+:)/) { "\($0.output.1)\($0.output.2)" }
            }
            let withoutSecretFiles = uncommented.filter {
                !$0.contains("password_file:") && !$0.contains("secret_file:")
            }
            let everything = try folder.settings(withoutSecretFiles.joined(separator: "\n"))
            let smtp = try #require(everything.delivery.smtp)
            #expect(everything.delivery.links.count == 1)
            #expect(everything.delivery.services.count == MessageProviderTypes.all.count)
            #expect(smtp.allowedAddresses == AllowedAddresses([smtp.sender.domain]))
            #expect(try #require(everything.captcha).url.text.contains("challenges.cloudflare.com"))
            #expect(everything.keys.vault?.key == "master-2026")
            #expect(everything.captcha?.connections == CaptchaSettings.usualConnections)
            #expect(smtp.credentials?.username == "no-reply@example.com")
            #expect(smtp.connections == SMTPSettings.usualConnections)
            #expect(smtp.port == smtp.encryption.defaultPort)
        }

        @Test("a sender's name is quoted or encoded where it must be")
        func senders() throws {
            #expect(try #require(MailSender("a@b.c")).headerValue == "<a@b.c>")
            #expect(try #require(MailSender("\"Tom, Inc.\" <a@b.c>")).headerValue == "\"Tom, Inc.\" <a@b.c>")
            #expect(try #require(MailSender("Tom \"T\" <a@b.c>")).headerValue == "\"Tom \\\"T\\\"\" <a@b.c>")
            #expect(try #require(MailSender("Ärger <a@b.c>")).headerValue == "=?UTF-8?Q?=C3=84rger?= <a@b.c>")
            for wrong in ["", "a", "a@", "@b", "A <a@b.c> B", "A <a@b.c>, B <d@e.f>", "a@b.c\r\nBcc: d@e.f", "ä@b.c"] {
                #expect(MailSender(wrong) == nil)
            }
        }
    }
}
