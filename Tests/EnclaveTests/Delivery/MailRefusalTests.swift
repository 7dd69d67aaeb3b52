import EnclaveLink
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct MailRefusalTests {
        private func outcome(
            _ arguments: [String] = [], certificate: TestCertificates.Server = .good,
            encryption: SMTPSettings.Encryption = .starttls, credentials: SMTPCredentials? = nil,
            host: String = "localhost"
        ) async throws -> DeliveryOutcome {
            let server = try MailServer(["--\(encryption.rawValue)"] + arguments, certificate: certificate)
            let settings = try SMTPSettings.example(
                port: server.port, encryption: encryption, host: host, credentials: credentials)
            let outcome = await (try Courier.example(settings, host: LoopbackHost())).deliver()
            withExtendedLifetime(server) {}
            return outcome
        }

        @Test("a certificate for another name is refused", arguments: SMTPSettings.Encryption.allCases)
        func wrongName(_ encryption: SMTPSettings.Encryption) async throws {
            let outcome = try await outcome(certificate: .wrongName, encryption: encryption)
            #expect(outcome.reason == .certificateRefused)
            #expect(!outcome.mayHaveArrived)
        }

        @Test("the name is the configured one, wherever the host connected to")
        func nameFromSettings() async throws {
            #expect(try await outcome(host: "mail.example.com").reason == .certificateRefused)
            #expect(
                try await outcome(certificate: .wrongName, host: "mail.example.com") == .accepted(provider: "smtp"))
        }

        @Test("a certificate from another authority is refused", arguments: SMTPSettings.Encryption.allCases)
        func wrongAuthority(_ encryption: SMTPSettings.Encryption) async throws {
            #expect(try await outcome(certificate: .other, encryption: encryption).reason == .certificateRefused)
        }

        @Test("a server without STARTTLS gets neither the password nor the message")
        func plaintext() async throws {
            let server = try MailServer([])
            let settings = try SMTPSettings.example(
                port: server.port, credentials: SMTPCredentials(username: "mailer", password: "secret"))
            let outcome = await (try Courier.example(settings, host: LoopbackHost())).deliver()
            #expect(outcome.reason == .protocolError)
            #expect(!outcome.mayHaveArrived)
            _ = try await server.next("closed")
        }

        @Test("a wrong password is told apart")
        func wrongPassword() async throws {
            let outcome = try await outcome(
                ["--user", "mailer", "--password", "correct horse"],
                credentials: SMTPCredentials(username: "mailer", password: "battery staple"))
            #expect(outcome == .refused(.authenticationRefused, status: 535))
        }

        @Test("a server that wants a password, and none is configured")
        func missingPassword() async throws {
            let outcome = try await outcome(["--user", "mailer", "--password", "correct horse"])
            #expect(outcome == .refused(.authenticationRefused, status: 530))
        }

        @Test("a refused recipient and a refused message are told apart, with the server's code")
        func refusals() async throws {
            #expect(try await outcome(["--reject-recipient"]) == .refused(.recipientRefused, status: 550))
            #expect(try await outcome(["--reject-recipient", "451"]) == .refused(.messageRefused, status: 451))
            #expect(try await outcome(["--reject-data"]) == .refused(.messageRefused, status: 554))
            #expect(try await outcome(["--reject-data", "452"]) == .refused(.messageRefused, status: 452))
        }

        @Test("no stream from the host is no delivery")
        func noStream() async throws {
            for (error, reason) in [
                (DescriptorError.refused, DeliveryFailure.Reason.unreachable), (.unreachable, .unreachable),
                (.hostUnavailable, .unreachable), (.timedOut, .timedOut),
            ] {
                let courier = try Courier.example(try .example(port: 1), host: LoopbackHost(refusal: error))
                #expect(await courier.deliver() == .refused(reason))
            }
        }

        @Test(
            "an address that would end a command or a header early is refused unseen",
            arguments: [
                "ada@example.org>\r\nRCPT TO:<eve@example.org", "ada@example.org\nBcc: eve@example.org",
                "<ada@example.org>",
                "ada", "@example.org", "ada@example.org, eve@example.org", "ada b@example.org", "adä@example.org", "",
            ])
        func addresses(_ address: String) async throws {
            let host = try LoopbackHost()
            let courier = try Courier.example(try .example(port: 1), host: host)
            #expect(await courier.deliver(.example(to: address)) == .refused(.recipientRefused))
            let inboxOnly = try Courier.example(nil, host: host)
            #expect(
                await inboxOnly.deliver(.example(to: address, provider: "inbox"))
                    == .refused(.recipientRefused, by: "inbox"))
            let phone = await courier.deliver(.example(to: address, channel: .voice))
            #expect(phone == .refused(.recipientRefused, by: "inbox"))
            #expect(host.streams == 0)
        }
    }
}

extension DeliveryOutcome {
    var reason: DeliveryFailure.Reason? {
        if case .failed(let failure) = self { failure.reason } else { nil }
    }

    var mayHaveArrived: Bool {
        if case .failed(let failure) = self { failure.mayHaveArrived } else { true }
    }
}
