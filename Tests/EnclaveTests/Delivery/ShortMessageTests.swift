import EnclaveLink
import Foundation
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct ShortMessageTests {
        /// GSM 03.38's basic alphabet, whose characters count one each. The wording uses no other.
        private static let gsm7 = Set(
            "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
                + "¿abcdefghijklmnopqrstuvwxyzäöñüà\n\r")

        @Test("the longest usual message fits one GSM-7 segment")
        func segment() {
            let message = OutgoingMessage.example(
                to: "+4915112345678", channel: .sms, code: "402917388", application: String(repeating: "A", count: 25),
                domain: String(repeating: "b", count: 21) + ".com")
            let text = EnglishWording(message).shortLines.joined(separator: "\n")
            #expect(text.count <= 160)
            #expect(text.allSatisfy { Self.gsm7.contains($0) })
            for words in ["402917388", "valid for 10 minutes", "Never share it", "Ignore it"] {
                #expect(text.contains(words))
            }
        }

        @Test(
            "the last line is the origin-bound code where there is a domain",
            arguments: [Channel.sms, .voice, .whatsapp])
        func originBound(_ channel: Channel) throws {
            let composer = try MailComposer.example(sender: nil)
            let bound = composer.filed(.example(to: "+4915112345678", channel: channel, domain: "example.com"))
            #expect(try bound.parsed().text("text/plain").hasSuffix("\n\n@example.com #402917\n"))
            let free = composer.filed(.example(to: "+4915112345678", channel: channel))
            #expect(!(try free.parsed().text("text/plain").contains("@")))
        }

        @Test("one minute is one minute")
        func singular() throws {
            let lines = EnglishWording(.example(minutes: 1)).shortLines
            #expect(try #require(lines.first).contains("valid for 1 minute."))
        }
    }
}
