import Encodings
import Foundation
import JOSE
import Testing

@Suite struct JSONTextTests {
    @Test("every scalar up to U+00FF and beyond the first plane reads back as it was")
    func everyScalar() throws {
        let scalars = (0...0xff).compactMap { Unicode.Scalar($0) } + ["\u{2028}", "\u{FFFF}", "\u{1F600}"]
        for scalar in scalars {
            let text = "a\(Character(scalar))b"
            let read = try JSONDecoder().decode(String.self, from: Data(JSONText.quoted(text).utf8))
            #expect(Array(read.unicodeScalars) == Array(text.unicodeScalars))
        }
    }

    @Test("a name that tries to close the string stays inside it")
    func injection() throws {
        let hostile = #"x","admin":true,"y":"\"#
        let value = try JSONValue(parsing: Array(#"{"app":"\#(JSONText.escaped(hostile))"}"#.utf8))
        #expect(value.members?.count == 1)
        #expect(value["app"]?.text == hostile)
    }

    @Test("a text without special characters comes back unchanged, and others in the shortest form")
    func exactForms() {
        #expect(JSONText.escaped("+4915112345678 ü") == "+4915112345678 ü")
        #expect(JSONText.escaped("\"\\\n\r\t\u{8}\u{c}\u{1f}") == #"\"\\\n\r\t\b\f\u001f"#)
        var bytes: [UInt8] = []
        JSONText.appendQuoted("a\"b", to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #""a\"b""#)
    }

    @Test("the spelling for plain base64 reads back as it was, and its base64url has neither - nor _")
    func plainBase64() throws {
        let scalars = (0...0xff).compactMap { Unicode.Scalar($0) } + ["\u{2028}", "\u{FFFF}", "\u{1F600}"]
        for scalar in scalars {
            for padding in ["", "a", "ab"] {
                let text = "\(padding)\(Character(scalar))b"
                var bytes: [UInt8] = []
                JSONText.appendQuotedForPlainBase64(text, to: &bytes)
                let read = try JSONDecoder().decode(String.self, from: Data(bytes))
                #expect(Array(read.unicodeScalars) == Array(text.unicodeScalars))
                #expect(!Base64URL.encode(bytes).contains { $0 == "-" || $0 == "_" })
            }
        }
        var bytes: [UInt8] = []
        JSONText.appendQuotedForPlainBase64("a+b@c.example\"~ü😀", to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #""a+b@c.example\"\u007e\u00fc\ud83d\ude00""#)
    }
}
