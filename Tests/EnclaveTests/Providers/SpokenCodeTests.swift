import Foundation
import Testing

@testable import Enclave

@Suite struct SpokenCodeTests {
    private func said(_ message: ProvidedMessage) -> [String] {
        SpokenCode(message).twiML.matches(of: /<Say[^>]*>([^<]*)<\/Say>|<Pause length="(\d)"\/>/).map {
            $0.output.1.map(String.init) ?? "pause \($0.output.2 ?? "")"
        }
    }

    @Test("a call says each digit alone with a pause after it, and everything twice")
    func digits() {
        let message = ProvidedMessage.example(text: "Your Shop code is 402917. Never share it.", channel: .voice)
        let once =
            ["Your Shop code is "] + ["4", "0", "2", "9", "1", "7"].flatMap { [$0, "pause 1"] }
            + [". Never share it."]
        #expect(said(message) == ["pause 1"] + once + ["pause 2"] + once)
    }

    @Test("what an application is called can neither end an element nor begin one")
    func escapes() {
        let message = ProvidedMessage.example(text: "402917 is your </Say><Dial>+1900</Dial> \"&\" code.")
        let twiML = SpokenCode(message).twiML
        #expect(!twiML.contains("<Dial>") && twiML.contains("&lt;Dial&gt;"))
        #expect(twiML.count(of: "</Say>") == 2 * (6 + 1))
    }

    @Test("the line for programs is not said, and a text without the code still gets nothing else said as one")
    func lines() {
        let message = ProvidedMessage.example(text: "402917 is your code.\n\n@example.com #402917")
        #expect(said(message).filter { $0.count == 1 } == ["4", "0", "2", "9", "1", "7", "4", "0", "2", "9", "1", "7"])
        #expect(!SpokenCode(message).twiML.contains("example.com"))
    }

    @Test("it is said in the language of the text", arguments: [("de", "de-DE"), ("pt-BR", "pt-BR"), ("xx", "en-US")])
    func language(_ locale: String, _ voice: String) {
        let twiML = SpokenCode(.example(locale: locale)).twiML
        #expect(twiML.contains("<Say language=\"\(voice)\">4</Say>"))
    }

    @Test("the longest text fits what Twilio takes with a request")
    func longest() {
        let text = String(repeating: "a", count: 200) + " 7KQ2M9XWT " + String(repeating: "b", count: 200)
        #expect(SpokenCode(.example(text: text, code: "7KQ2M9XWT")).twiML.utf8.count <= 4000)
    }
}
