import EnclaveLink
import Foundation
import Messages
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct WordedMessageTests {
        private static func message(
            _ language: Language, channel: Channel = .email, template: MessageTemplate? = nil,
            binding: [BindingMember] = []
        ) -> OutgoingMessage {
            var wording = MessageWording(
                application: "Tom & <Jerry>", domain: "example.com", codeInSubject: false, validMinutes: 10)
            wording.language = language.rawValue
            return OutgoingMessage(
                contact: ContactAddress(
                    kind: channel == .email ? .email : .phone,
                    value: channel == .email ? "ada@example.org" : "+4915112345678"),
                channel: channel, provider: "smtp", code: DeliverableCode("402917"), wording: wording,
                template: template, binding: binding, challenge: "ch_1")
        }

        @Test("a mail is in the reader's language in every part", arguments: Language.allCases)
        func languages(_ language: Language) throws {
            let parsed = try MailComposer.example().received(Self.message(language)).parsed()
            #expect(parsed.defects == [])
            let html = try parsed.text("text/html")
            #expect(
                html.contains("<html lang=\"\(language.rawValue)\" dir=\"\(language == .arabic ? "rtl" : "ltr")\">"))
            #expect(!html.contains("<Jerry>"))
            for part in parsed.parts {
                #expect(part.text.count(of: "402917") == 2)
                #expect(part.text.visibleLines.contains("402917"))
            }
            let english = try MailComposer.example().received(Self.message(.english)).parsed()
            #expect((parsed.headers["Subject"] == english.headers["Subject"]) == (language == .english))
            #expect(try parsed.text("text/plain").hasSuffix("\n\n@example.com #402917"))
        }

        @Test("an own mail has its own words, and what stands in them is text")
        func own() throws {
            let template = try MessageTemplate(
                .email, subject: "{{app}} & you", text: "Hi,\n\nuse {{code}} for {{app}}.\n{{binding.payee}}\n\nBye")
            let message = Self.message(
                .german, template: template,
                binding: [
                    BindingMember(name: "payee", value: "<b>ACME</b>"), BindingMember(name: "amount", value: "49\n@x"),
                ])
            let parsed = try MailComposer.example().received(message).parsed()
            #expect(parsed.defects == [])
            #expect(parsed.headers["Subject"] == "Tom & <Jerry> & you")
            #expect(
                try parsed.text("text/plain")
                    == "Hi,\n\nuse 402917 for Tom & <Jerry>.\n<b>ACME</b>\n\nBye\n\namount: 49 @x\n\n@example.com #402917"
            )
            let html = try parsed.text("text/html")
            #expect(!html.contains("<b>") && !html.contains("<Jerry>"))
            #expect(html.visibleLines.contains("use 402917 for Tom & <Jerry>."))
            #expect(html.visibleLines.last == "@example.com #402917")
        }

        @Test(
            "a host that lies about a template has no message sent",
            arguments: [
                OwnTemplate(subject: nil, text: "https://evil.example/{{code}}"),
                OwnTemplate(subject: nil, text: "no code"),
                OwnTemplate(subject: "Hello", text: "{{code}}"), OwnTemplate(subject: nil, text: "{{code}} {{x}}"),
                OwnTemplate(subject: nil, text: "{{code}}\n@evil.example #111111"),
                OwnTemplate(subject: nil, text: "{{code}} {{binding.payee}}"),
            ])
        func hostile(_ template: OwnTemplate) async throws {
            let host = try LoopbackHost()
            let courier = try Courier.example(nil, host: host)
            let delivery = CodeDelivery(
                workspace: "ws_1", challenge: "ch_1",
                digest: ChallengeDigest(workspace: "ws_1", challenge: "ch_1", expiry: 0),
                contact: ContactAddress(kind: .phone, value: "+4915112345678"), channel: .sms, provider: "inbox",
                code: Passcode(characters: Array("402917".utf8)),
                wording: MessageWording(
                    application: "App", domain: nil, codeInSubject: false, validMinutes: 10, template: template),
                binding: #"{"amount":"1"}"#, timeLimit: 5000)
            let outcome = await withCheckedContinuation { continuation in
                courier.deliver(delivery) { outcome in UnfilteredThread.run { continuation.resume(returning: outcome) }
                }
            }
            #expect(outcome == .refused(.customizationRefused, by: "inbox"))
            #expect(throws: (any Error).self) { try host.published(1) }
        }
    }
}
