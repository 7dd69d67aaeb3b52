import EnclaveLink
import Foundation
import Messages
import Testing

@testable import Enclave

extension DeliveryTests {
    @Suite struct ShortMessageTests {
        @Test("the longest usual message fits one GSM-7 segment")
        func segment() {
            let message = OutgoingMessage.example(
                to: "+4915112345678", channel: .sms, code: "402917388", application: String(repeating: "A", count: 25),
                domain: String(repeating: "b", count: 21) + ".com")
            let text = message.smsText
            #expect(SegmentCount(of: text).encoding == .gsm7)
            #expect(SegmentCount(of: text).segments == 1)
            for words in ["402917388", "valid for 10 minutes", "Never share it", "Ignore it"] {
                #expect(text.contains(words))
            }
        }

        @Test(
            "the last line is the origin-bound code where there is a domain",
            arguments: [Channel.sms, .whatsapp])
        func originBound(_ channel: Channel) throws {
            let composer = try MailComposer.example(sender: nil)
            let bound = composer.filed(.example(to: "+4915112345678", channel: channel, domain: "example.com"))
            #expect(try bound.parsed().text("text/plain").hasSuffix("\n\n@example.com #402917\n"))
            let free = composer.filed(.example(to: "+4915112345678", channel: channel))
            #expect(!(try free.parsed().text("text/plain").contains("@")))
        }

        @Test("one minute is one minute")
        func singular() throws {
            #expect(OutgoingMessage.example(channel: .sms, minutes: 1).smsText.contains("valid for 1 minute."))
        }

        @Test("a call is filed as what is said: the code twice, and no line for a website")
        func call() throws {
            let message = OutgoingMessage.example(to: "+4915112345678", channel: .voice, domain: "example.com")
            let text = try MailComposer.example(sender: nil).filed(message).parsed().text("text/plain")
            #expect(text.count(of: "402917") == 2)
            #expect(!text.contains("@"))
        }
    }
}
