import EnclaveLink
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct CustomizedMessageTests {
        private func courier(
            _ server: MailServer?, host: LoopbackHost, senders: [String]? = nil
        ) throws -> Courier {
            var settings = DeliverySettings(smtp: try server.map { try .example(port: $0.port) })
            if let senders { settings.smtp?.allowedAddresses = try #require(AllowedAddresses(senders)) }
            settings.links = [try #require(LinkPrefix("https://app.example.com/verify?code="))]
            Courier.warmUp()
            return try Courier(settings: settings, descriptors: host)
        }

        @Test("a mail shows the caller's logo and link, and is from whom the caller names")
        func mail() async throws {
            let server = try MailServer(["--starttls"])
            let courier = try courier(server, host: LoopbackHost())
            let customization = MessageCustomization(
                logo: "https://cdn.example.com/logo.png?a=1&b='2'",
                link: "https://app.example.com/verify?code=%s&lang=en", senderAddress: "Login@Example.com",
                senderName: "Bänk, \"the\" one", replyTo: "help@example.com")

            #expect(await courier.deliver(customization) == .accepted(provider: "smtp"))
            let mail = try await server.nextMessage()
            #expect(mail.sender == "Login@Example.com")
            let parsed = try mail.parsed()
            #expect(parsed.defects == [])
            #expect(parsed.headers["From"] == "\"Bänk, \\\"the\\\" one\" <Login@Example.com>")
            #expect(parsed.headers["Reply-To"] == "help@example.com")
            let text = try parsed.text("text/plain")
            #expect(text.contains("\n402917\n"))
            #expect(text.contains("\nhttps://app.example.com/verify?code=402917&lang=en\n"))
            #expect(text.hasSuffix("\n\n@example.com #402917"))
            let html = try parsed.text("text/html")
            #expect(html.contains("<img src=\"https://cdn.example.com/logo.png?a=1&amp;b=&#39;2&#39;\""))
            #expect(html.contains("<a href=\"https://app.example.com/verify?code=402917&amp;lang=en\">"))
            #expect(html.visibleLines.last == "@example.com #402917")
        }

        @Test("after a message of another sender the next one is from the usual one")
        func nextMessage() async throws {
            let server = try MailServer(["--starttls"])
            let courier = try courier(server, host: LoopbackHost())
            #expect(
                await courier.deliver(MessageCustomization(senderAddress: "a@example.com"))
                    == .accepted(provider: "smtp"))
            #expect(try await server.nextMessage().sender == "a@example.com")
            #expect(await courier.deliver(MessageCustomization(senderName: "B")) == .accepted(provider: "smtp"))
            let mail = try await server.nextMessage()
            #expect(mail.sender == "no-reply@example.com")
            #expect(try mail.parsed().headers["From"] == "B <no-reply@example.com>")
            #expect(await courier.deliver(nil) == .accepted(provider: "smtp"))
            #expect(try await server.nextMessage().parsed().headers["From"] == "Example <no-reply@example.com>")
        }

        @Test(
            "a short message has the caller's words, and keeps its last line",
            arguments: [Channel.sms, .whatsapp])
        func shortMessage(_ channel: Channel) async throws {
            #expect(try await filed(over: channel) == "Ünser Kode: 402917.\n\n@example.com #402917\n")
        }

        @Test("a call says the caller's words twice, and no line for programs")
        func call() async throws {
            #expect(try await filed(over: .voice) == "Ünser Kode: 402917.\nÜnser Kode: 402917.\n")
        }

        /// What the inbox gets of a message in the caller's words.
        private func filed(over channel: Channel) async throws -> String {
            let host = try LoopbackHost()
            let courier = try courier(nil, host: host)
            let outcome = await courier.deliver(
                MessageCustomization(text: "Ünser Kode: {{.OtpCode}}."), to: "+4915112345678", channel: channel)
            #expect(outcome == .accepted(provider: "inbox"))
            return try host.published(1).parsed().text("text/plain")
        }

        @Test("a mail in the inbox may be from anyone: nobody receives it")
        func inbox() async throws {
            let host = try LoopbackHost()
            let courier = try courier(nil, host: host)
            #expect(
                await courier.deliver(
                    MessageCustomization(senderAddress: "a@anywhere.example", replyTo: "b@c.example"), provider: "inbox"
                )
                    == .accepted(provider: "inbox"))
            let headers = try host.published(1).parsed().headers
            #expect(headers["From"] == "Countersign <a@anywhere.example>")
            #expect(headers["Reply-To"] == "b@c.example")
        }

        @Test("mail is from the domain of the usual sender, or from where the settings say")
        func senders() async throws {
            let server = try MailServer(["--starttls"])
            let usual = try courier(server, host: LoopbackHost())
            for address in ["a@evil.example", "a@sub.example.com", "a@example.com.evil.example"] {
                #expect(await usual.deliver(MessageCustomization(senderAddress: address)) == .refused(.senderRefused))
                #expect(await usual.deliver(MessageCustomization(replyTo: address)) == .refused(.senderRefused))
            }
            let listed = try courier(server, host: LoopbackHost(), senders: ["Shop.example", "help@example.com"])
            #expect(
                await listed.deliver(
                    MessageCustomization(senderAddress: "any@shop.EXAMPLE", replyTo: "help@example.com"))
                    == .accepted(provider: "smtp"))
            #expect(
                await listed.deliver(MessageCustomization(senderAddress: "other@example.com"))
                    == .refused(.senderRefused))
        }

        @Test(
            "no part can add a header, a command, a line or markup",
            arguments: [
                "a@example.com\r\nBcc: eve@example.com", "a@example.com>\r\nRCPT TO:<eve@example.com",
                "a@example.com, eve@example.com", "<a@example.com>", "a@example.com\n", "a b@example.com", "a@", "",
                "ä@example.com", "a@example.com\u{2028}", "\"a\"@example.com", "a@b@example.com",
            ])
        func addresses(_ address: String) async throws {
            let host = try LoopbackHost()
            let courier = try courier(nil, host: host)
            for customization in [
                MessageCustomization(senderAddress: address), MessageCustomization(replyTo: address),
            ] {
                #expect(
                    await courier.deliver(customization, provider: "inbox")
                        == .refused(.customizationRefused, by: "inbox"))
            }
            #expect(throws: (any Error).self) { try host.published(1) }
        }

        @Test(
            "a name of two lines or of two mailboxes is refused, and one that hides something",
            arguments: [
                "A\r\nBcc: eve@example.com", "A\nB", "A <eve@example.com>", "A\u{202E}B", "A\u{200B}B", " A", "A  B",
                "",
                "A\0B", String(repeating: "a", count: 65),
            ])
        func names(_ name: String) async throws {
            let courier = try courier(nil, host: LoopbackHost())
            let outcome = await courier.deliver(MessageCustomization(senderName: name), provider: "inbox")
            #expect(outcome == .refused(.customizationRefused, by: "inbox"))
        }

        @Test(
            "a logo is an https address or the message is not sent",
            arguments: [
                "http://cdn.example.com/a.png", "javascript:alert(1)", "data:image/png;base64,AAAA",
                "//cdn.example.com/a",
                "https://cdn.example.com/\" onerror=\"x", "https://cdn.example.com/a\r\nb", "",
            ])
        func logos(_ logo: String) async throws {
            let courier = try courier(nil, host: LoopbackHost())
            let outcome = await courier.deliver(MessageCustomization(logo: logo), provider: "inbox")
            #expect(outcome == .refused(.customizationRefused, by: "inbox"))
        }

        @Test("a refusal says what was refused, also for a part that the channel has no place for")
        func reasons() async throws {
            let courier = try courier(nil, host: LoopbackHost())
            let text = MessageCustomization(text: "https://evil.example/{{.OtpCode}}")
            let link = MessageCustomization(link: "https://evil.example/%s")
            #expect(await courier.deliver(text, provider: "inbox") == .refused(.customizationRefused, by: "inbox"))
            #expect(
                await courier.deliver(link, to: "+4915112345678", channel: .sms) == .refused(.linkRefused, by: "inbox"))
        }
    }
}

extension Courier {
    fileprivate func deliver(
        _ customization: MessageCustomization?, to contact: String = "ada@example.org", channel: Channel = .email,
        provider: String? = nil
    ) async -> DeliveryOutcome {
        let delivery = CodeDelivery(
            workspace: "ws_1", challenge: "ch_1",
            digest: ChallengeDigest(workspace: "ws_1", challenge: "ch_1", expiry: 0),
            contact: ContactAddress(kind: channel == .email ? .email : .phone, value: contact), channel: channel,
            provider: provider ?? (channel == .email ? "smtp" : "inbox"),
            code: Passcode(characters: Array("402917".utf8)),
            wording: MessageWording(
                application: "MySecureApp", domain: "example.com", codeInSubject: false, validMinutes: 10,
                customization: customization),
            timeLimit: 5000)
        return await withCheckedContinuation { continuation in
            deliver(delivery) { outcome in UnfilteredThread.run { continuation.resume(returning: outcome) } }
        }
    }
}
