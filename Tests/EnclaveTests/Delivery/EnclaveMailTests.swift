import Enclave
import EnclaveLink
import Foundation
import Testing

extension DeliveryTests {
    /// The enclave's own process, behind its closed walls, with a mail server in its configuration.
    @Suite(.timeLimit(.minutes(2))) struct EnclaveMailTests {
        private let built: BuiltEnclave
        private let supervisor: EnclaveSupervisor

        init() throws {
            built = try BuiltEnclave()
            supervisor = try built.supervisor()
        }

        private func configure(_ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(built.dataDirectory)/enclave.yaml"))
        }

        private func configure(_ server: MailServer, tls: SMTPSettings.Encryption) throws {
            let authority = try TestCertificates.shared.get().authority()
            try Data(authority).write(to: URL(filePath: "\(built.dataDirectory)/ca.pem"))
            try Data("correct horse\n".utf8).write(to: URL(filePath: "\(built.dataDirectory)/password"))
            try configure(
                """
                smtp:
                  host: localhost
                  port: \(server.port)
                  tls: \(tls.rawValue)
                  from: "Example <no-reply@example.com>"
                  username: mailer
                  password_file: password
                  ca_file: ca.pem
                links: [https://app.example.com/verify?code=]
                """)
        }

        private func deliver(
            _ challenge: String, channel: Channel = .email, _ customization: MessageCustomization? = nil
        ) async throws -> DeliveryOutcome {
            let contact =
                channel == .email
                ? ContactAddress(kind: .email, value: "ada@example.org")
                : ContactAddress(kind: .phone, value: "+4915112345678")
            let made = try await supervisor.call(
                MakeChallenge(
                    workspace: "ws_1", challenge: challenge, mode: .live, contact: contact, channels: [channel],
                    format: CodeFormat(alphabet: .digits, length: 6), lifetime: 600, attemptLimit: 5))
            return try await supervisor.call(
                DeliverChallenge(
                    challenge: SealedRecord(workspace: "ws_1", record: challenge, sealed: made.sealed),
                    channel: channel, provider: channel == .email ? "smtp" : "inbox",
                    wording: MessageWording(
                        application: "MySecureApp", domain: "example.com", codeInSubject: false, validMinutes: 10,
                        customization: customization),
                    deadline: 5_000))
        }

        @Test(
            "mail leaves the closed enclave over TLS, on one connection and on the next",
            arguments: SMTPSettings.Encryption.allCases)
        func mail(_ encryption: SMTPSettings.Encryption) async throws {
            let server = try MailServer(
                ["--\(encryption.rawValue)", "--user", "mailer", "--password", "correct horse", "--drop-after", "2"])
            try configure(server, tls: encryption)
            try await supervisor.start { _, _ in }
            let greeting = try #require(supervisor.greeting)
            #expect(greeting.isolation.systemCallFilter)
            #expect(
                greeting.providers == [
                    ConfiguredProvider(purpose: .messages(.email), name: "smtp", host: "localhost", port: server.port)
                ])

            for number in 1...12 {
                #expect(try await deliver("ch_\(number)") == .accepted(provider: "smtp"))
                let parsed = try await server.nextMessage().parsed()
                #expect(parsed.defects == [])
                let last = try #require(try parsed.text("text/plain").split(separator: "\n").last)
                #expect(last.wholeMatch(of: /@example\.com #[0-9]{6}/) != nil)
            }
            await supervisor.stop()
        }

        @Test("the closed enclave lets a caller change a message within the rules, whatever the host says")
        func customization() async throws {
            let server = try MailServer(["--starttls", "--user", "mailer", "--password", "correct horse"])
            try configure(server, tls: .starttls)
            try await supervisor.start { _, _ in }

            let allowed = MessageCustomization(
                logo: "https://cdn.example.com/a.png", link: "https://app.example.com/verify?code=%s",
                senderAddress: "login@example.com", senderName: "Bänk")
            #expect(try await deliver("ch_1", allowed) == .accepted(provider: "smtp"))
            let parsed = try await server.nextMessage().parsed()
            #expect(parsed.headers["From"] == "Bänk <login@example.com>")
            #expect(try parsed.text("text/plain").contains(/\/verify\?code=[0-9]{6}\n/))
            for (refused, reason) in [
                (MessageCustomization(link: "https://evil.example/%s"), DeliveryFailure.Reason.linkRefused),
                (MessageCustomization(text: "evil.example/{{.OtpCode}}"), .customizationRefused),
                (MessageCustomization(senderAddress: "login@evil.example"), .senderRefused),
            ] {
                #expect(try await deliver("ch_2", refused) == .refused(reason))
            }
            let text = MessageCustomization(text: "Ünser Kode: {{.OtpCode}}.")
            #expect(try await deliver("ch_3", channel: .sms, text) == .accepted(provider: "inbox"))
            await supervisor.stop()
        }

        @Test("a channel without a provider goes to the inbox beside it")
        func inbox() async throws {
            let server = try MailServer(["--starttls"])
            try configure(server, tls: .starttls)
            try await supervisor.start { _, _ in }

            #expect(try await deliver("ch_1", channel: .sms) == .accepted(provider: "inbox"))
            let name = try #require(built.names(in: "inbox/new").first)
            let path = "\(built.dataDirectory)/inbox/new/\(name)"
            let mail = ReceivedMail(bytes: try Data(contentsOf: URL(filePath: path)))
            #expect(mail.raw.contains(/\n@example\.com #[0-9]{6}\n$/))
            await supervisor.stop()
        }

        @Test("a mail server that hangs is given up in time, and the enclave lives on")
        func hanging() async throws {
            let server = try MailServer(["--starttls", "--hang"])
            try configure(server, tls: .starttls)
            try await supervisor.start { _, _ in }
            let process = supervisor.processIdentifier
            let start = ContinuousClock.now

            async let mail = deliver("ch_1")
            #expect(try await deliver("ch_2", channel: .sms) == .accepted(provider: "inbox"))
            #expect(try await mail == .refused(.timedOut))
            #expect(.now - start < .milliseconds(6_000))
            #expect(supervisor.processIdentifier == process)
            await supervisor.stop()
        }

        @Test("a wrong setting stops the start and says where")
        func wrongSetting() throws {
            try configure("smtp:\n  host: localhost\n  form: a@example.com\n")
            let ending = try BuiltEnclave.run(["serve", "--data", built.dataDirectory])
            #expect(ending.code == 78)
            #expect(ending.output.contains("/enclave.yaml:"))
            #expect(ending.output.contains("smtp.from is missing (line 3 has \"form\")"))
        }
    }
}
