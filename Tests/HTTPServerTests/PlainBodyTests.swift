import HTTPServer
import Testing

@Suite("A plain JSON body")
struct PlainBodyTests {
    struct Named: Codable, Equatable {
        var to: String?
        var code: String?
    }

    private func plain(_ text: String) -> [String?]? {
        Request(method: .POST, target: "/", body: ByteBuffer(string: text)).plainMembers(named: ["to", "code"])
    }

    @Test(
        "is read as the decoder reads it",
        arguments: [
            #"{"to":"+491701234567","code":"123456"}"#, " { \"code\" :\t\"a b\" ,\r\n\"to\": \"\" } \n", #"{"to":"x"}"#,
            #"{"code":"{,}:[]'/~"}"#,
        ])
    func same(_ text: String) throws {
        let request = Request(method: .POST, target: "/", body: ByteBuffer(string: text))
        let values = try #require(plain(text))
        #expect(Named(to: values[0], code: values[1]) == (try request.decode(Named.self)))
    }

    @Test(
        "is none where anything in it is not plain or not right",
        arguments: [
            "", "{", "{}", "[]", "\"to\"", #"{"to":"a""#, #"{"to":"a}"#, #"{"to":"a",}"#, #"{"to":"a"}}"#,
            #"{"to":"a"} x"#, #"{"to":"a" "code":"b"}"#, #"{"to" "a"}"#, #"{to:"a"}"#, #"{"to":a}"#, #"{"to":null}"#,
            #"{"to":1}"#, #"{"to":["a"]}"#, #"{"to":"a","to":"a"}"#, #"{"to":"a","other":"b"}"#, #"{"To":"a"}"#,
            #"{"to":"\n"}"#, #"{"t\u006f":"a"}"#, "{\"to\":\"\n\"}", "{\"to\":\"é\"}", "{\"to\":\"\u{7F}\"}",
            "\u{FEFF}{\"to\":\"a\"}", "{\"to\":\"a\"}\0",
        ])
    func other(_ text: String) {
        #expect(plain(text) == nil)
    }

    @Test("of an answer has the bytes that the encoder writes")
    func written() throws {
        struct Answer: Encodable {
            var a: String
            var b: Int
            var c = true
            var d: String?
        }
        let text = String(String.UnicodeScalarView((0...0x2FF).compactMap(Unicode.Scalar.init))) + "€😀\u{2028}"
        var object = JSONObjectText()
        object.add("a", text)
        object.add("b", -7)
        object.add("c", true)
        object.add("d", String?.none)
        let expected = try Response.json(Answer(a: text, b: -7), status: .created)
        let written = Response.json(object, status: .created)
        #expect(written.text == expected.text)
        #expect(written.status == expected.status)
        #expect(written.headers == expected.headers)
        #expect(Response.json(JSONObjectText()).text == "{}")
    }
}
