import HTTPServer
import Testing

@Suite("A JSON body")
struct BodyTests {
    struct Order: Codable, Equatable {
        struct Item: Codable, Equatable {
            var name: String
            var count: Int
        }
        var id: Int
        var items: [Item]
        var note: String?
    }

    private func request(_ body: some Sequence<UInt8>) -> Request {
        Request(method: .POST, target: "/", body: ByteBuffer(bytes: body))
    }

    private func failure(_ body: some Sequence<UInt8>) -> RequestBodyError? {
        do throws(RequestBodyError) {
            _ = try request(body).decode(Order.self)
            return nil
        } catch {
            return error
        }
    }

    @Test("is decoded")
    func decode() throws {
        let text = #"{"id": 1, "items": [{"name": "é\u20ac\\\"", "count": 2}], "unknown": {"a": [1]}}"#
        let order = try request(text.utf8).decode(Order.self)
        #expect(order == Order(id: 1, items: [Order.Item(name: "é€\\\"", count: 2)]))
    }

    @Test("that is missing, or no UTF-8, or no JSON is told apart")
    func kinds() {
        #expect(failure([]) == .empty)
        #expect(failure(#"{"id": 1, "items": [], "note": ""#.utf8 + [0xC3, 0x28] + #""}"#.utf8) == .notUTF8)
        #expect(failure([0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]) == .notJSON)
        for text in ["{", "}", "{}x", "{'id': 1}", "nul", "\"", "\0", " ", "{id: 1}"] {
            #expect(failure(text.utf8) == .notJSON, "\(text)")
        }
    }

    @Test("in UTF-16 is refused, whose bytes would hide its depth")
    func utf16() {
        #expect(failure(Array("[1]".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }) == .notJSON)
    }

    @Test("with a missing field or one of another type names the field")
    func fields() {
        #expect(failure(#"{"items": []}"#.utf8) == .missingField("id"))
        #expect(failure(#"{"id": null, "items": []}"#.utf8) == .missingField("id"))
        #expect(failure(#"{"id": "1", "items": []}"#.utf8) == .wrongType("id"))
        #expect(failure(#"{"id": 1.5, "items": []}"#.utf8) == .wrongType(""))
        #expect(failure(#"{"id": 01, "items": []}"#.utf8) == .wrongType(""))
        #expect(
            failure(#"{"id": 1, "items": [{"name": "a", "count": 1}, {"name": "b"}]}"#.utf8)
                == .missingField("items.1.count"))
        #expect(failure(#"{"id": 1, "items": {}}"#.utf8) == .wrongType("items"))
        #expect(failure("[]".utf8) == .wrongType(""))
        #expect(failure("7".utf8) == .wrongType(""))
    }

    @Test("may be nested 16 levels and not 17, whatever its strings hold")
    func depth() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        }
        func order(_ levels: Int) -> String {
            #"{"id": 1, "items": [], "note": "[[[[[[[[[[[[[[[[[[[[{\"[[[[", "x": \#(nested(levels))}"#
        }
        #expect(failure(order(15).utf8) == nil)
        #expect(failure(order(16).utf8) == .tooDeep)
        #expect(failure(String(repeating: "[", count: 60_000).utf8) == .tooDeep)
        #expect(failure((#""\\"# + "\"" + nested(17)).utf8) == .tooDeep)
    }

    @Test("tells the names of its outermost fields, as often as they occur")
    func fieldNames() {
        func names(_ text: String) -> [String] { request(text.utf8).topLevelFieldNames() }
        #expect(
            names(#"{"a": {"b": 1, "c": ["d"]}, "e" : "f,\"g\":", "a":[{"h":1},"i"] , "j\n\u00e9":null}"#) == [
                "a", "e", "a", "j\né",
            ])
        #expect(names("{}") == [])
        #expect(names(#" {"a":"{","b":"}"}"#) == ["a", "b"])
        #expect(names(#"["a", {"b": 1}]"#) == [])
        #expect(names(#""a""#) == [])
        #expect(names("") == [])
    }

    @Test("of an answer has its type, and slashes as they are")
    func answer() throws {
        let response = try Response.json(["url": "https://a/b"], status: .created)
        #expect(response.status == .created)
        #expect(response.headers["content-type"] == "application/json")
        #expect(response.text == #"{"url":"https://a/b"}"#)
    }

    @Test("that is wrong is answered 400 with the field's name where the handler lets the error pass")
    func uncaught() async throws {
        var router = Router()
        try router.on(.POST, "/") { request in try Response.json(try request.decode(Order.self)) }
        try await withServer(router) { _, address in
            let answer = try await withClient(address) { client in
                try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{\"id\":\"\"}")
                return try client.readAnswer()
            }
            #expect(answer.status == 400)
            #expect(answer["content-type"] == "application/problem+json")
            #expect(answer.text.contains("\\\"id\\\""))
        }
    }
}
