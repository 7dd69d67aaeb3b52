import EnclaveLink
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct MailDeliveryTests {
        @Test("a message goes through with STARTTLS and with implicit TLS", arguments: SMTPSettings.Encryption.allCases)
        func encryption(_ encryption: SMTPSettings.Encryption) async throws {
            let server = try MailServer(["--\(encryption.rawValue)"])
            let settings = try SMTPSettings.example(port: server.port, encryption: encryption)
            let courier = try Courier.example(settings, host: LoopbackHost())

            #expect(await courier.deliver() == .accepted(provider: "smtp"))
            let mail = try await server.nextMessage()
            #expect(mail.recipients == ["ada@example.org"])
            #expect(mail.sender == "no-reply@example.com")
            #expect(try mail.parsed().text("text/plain").contains("\n402917\n"))
        }

        @Test("the password opens a server that demands one", arguments: SMTPSettings.Encryption.allCases)
        func authentication(_ encryption: SMTPSettings.Encryption) async throws {
            let server = try MailServer(["--\(encryption.rawValue)", "--user", "mailer", "--password", "correct horse"])
            let settings = try SMTPSettings.example(
                port: server.port, encryption: encryption,
                credentials: SMTPCredentials(username: "mailer", password: "correct horse"))
            let courier = try Courier.example(settings, host: LoopbackHost())

            #expect(await courier.deliver() == .accepted(provider: "smtp"))
        }

        @Test("a line that begins with a dot arrives as it was written")
        func dots() async throws {
            let server = try MailServer(["--starttls"])
            let courier = try Courier.example(try .example(port: server.port), host: LoopbackHost())

            // Long enough that quoted-printable breaks the line before the dot.
            let application = "é" + String(repeating: "a", count: 57) + " .dot"
            #expect(await courier.deliver(.example(application: application)) == .accepted(provider: "smtp"))
            #expect(try await server.nextMessage().parsed().text("text/plain").contains(application))
        }

        @Test("the other channels go to the inbox, although a mail server is configured")
        func otherChannels() async throws {
            let host = try LoopbackHost()
            let server = try MailServer(["--starttls"])
            let courier = try Courier.example(try .example(port: server.port), host: host)

            let outcome = await courier.deliver(.example(to: "+4915112345678", channel: .sms))
            #expect(outcome == .accepted(provider: "inbox"))
            #expect(try host.published(1).raw.contains("402917"))
            #expect(host.streams == 0)
        }
    }
}
