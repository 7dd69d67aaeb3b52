import EnclaveLink
import Messages
import Testing

@testable import Enclave

@Suite struct TwiMLTests {
    /// What the person hears, pauses included.
    private func said(_ message: VoiceMessage) -> [String] {
        TwiML(message).text.matches(of: /<Say language="[a-zA-Z-]+">([^<]*)<\/Say>|<Pause length="(\d)"\/>/).map {
            $0.output.1.map(String.init) ?? "pause \($0.output.2 ?? "")"
        }
    }

    @Test("a call says each digit alone, with a pause after it, and the code twice", arguments: Language.allCases)
    func digits(_ language: Language) {
        let message = OutgoingMessage(
            contact: ContactAddress(kind: .phone, value: "+4915112345678"), channel: .voice, provider: "twilio-voice",
            code: DeliverableCode("402917"),
            wording: MessageWording(
                application: "Shop", domain: "example.com", codeInSubject: false, validMinutes: 10,
                language: language.rawValue),
            challenge: "oe_1")
        let said = said(ProvidedMessage(message).voice)
        let spelt = ["4", "0", "2", "9", "1", "7"].flatMap { [$0, "pause 1"] }
        #expect(said.first == "pause 1")
        let starts = said.indices.filter { said[$0...].starts(with: spelt) }
        #expect(starts.count == 2)
        #expect(said.filter { $0.count == 1 }.count == 12)
        #expect(!said.contains { $0.contains("402917") || $0.contains("@") })
        #expect(TwiML(ProvidedMessage(message).voice).text.contains("<Say language=\"\(language.voiceTag)\">4</Say>"))
    }

    @Test("nothing that is said can end an element or begin one")
    func escapes() {
        let message = VoiceMessage(
            language: .english, parts: [.text("your </Say><Dial>+1900</Dial> \"&\" code"), .characters(["1"])])
        let text = TwiML(message).text
        #expect(!text.contains("<Dial>") && text.contains("&lt;Dial&gt;"))
        #expect(text.count(of: "</Say>") == 2)
    }

    @Test("punctuation alone is not said")
    func punctuation() {
        #expect(
            said(VoiceMessage(language: .english, parts: [.text(". "), .characters(["1"])])) == [
                "pause 1", "1", "pause 1",
            ])
    }

    @Test("the markup of a call is no longer than a call is counted before it is made", arguments: Language.allCases)
    func counted(_ language: Language) {
        let once: [VoiceMessage.Part] = [
            .text("Tom & <Jerry> say \"hello\", 'hi' 🏦"), .characters("7KQ2M9XWT".map { String($0) }), .pause,
            .text("b: c"),
        ]
        let message = VoiceMessage(language: language, parts: once + [.pause] + once)
        #expect(TwiML(message).text.utf16.count <= message.markupLength)
    }

    @Test("the longest text of a workspace fits what Twilio takes with a request")
    func longest() {
        let text = VoiceMessage.Part.text(String(repeating: "a", count: 480))
        let once = [text, .characters("7KQ2M9XWT".map { String($0) })]
        #expect(TwiML(VoiceMessage(language: .english, parts: once + [.pause] + once)).text.utf8.count <= 4000)
    }
}
