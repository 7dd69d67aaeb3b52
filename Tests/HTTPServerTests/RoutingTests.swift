import HTTPServer
import Testing

@Suite("Routing")
struct RoutingTests {
    private static func text(_ text: String) -> Response {
        Response(status: .ok, body: .bytes(Array(text.utf8)))
    }

    private static func router() throws -> Router {
        var router = Router()
        try router.on(.GET, "/") { _ in text("root") }
        try router.on(.GET, "/v1/keys") { _ in text("keys") }
        try router.on(.POST, "/v1/keys") { _ in text("made") }
        try router.on(.GET, "/v1/keys/current") { _ in text("current") }
        try router.on(.GET, "/v1/keys/:id") { request in text("key \(request.parameter("id"))") }
        try router.on(.DELETE, "/v1/keys/:name") { request in text("gone \(request.parameter("name"))") }
        try router.on(.GET, "/v1/keys/:id/uses/:number") { request in
            text("\(request.parameter("id")) \(try request.parameter("number", as: Int.self))")
        }
        try router.on(.GET, "/v1/current/uses") { _ in text("uses") }
        try router.on(.GET, "/v1/:any/other") { request in text("other \(request.parameter("any"))") }
        return router
    }

    private func answer(_ method: HTTPMethod, _ target: String) async throws -> Response {
        try await Self.router().answer(Request(method: method, target: target))
    }

    @Test(
        "finds the handler of a path, a literal part before a parameter",
        arguments: [
            ("/", "root"), ("/v1/keys", "keys"), ("/v1/keys?a=b", "keys"), ("/v1/keys/current", "current"),
            ("/v1/keys/7", "key 7"), ("/v1/keys/7/uses/8", "7 8"), ("/v1/keys/current/uses/8", "current 8"),
            ("/v1/current/uses", "uses"), ("/v1/current/other", "other current"), ("/v1/%6Beys", "keys"),
        ])
    func find(_ target: String, _ expected: String) async throws {
        #expect(try await answer(.GET, target).text == expected)
    }

    @Test("lists every route once, with its method and its pattern as it was registered")
    func list() throws {
        let listed = try Self.router().routes.map { "\($0.method.rawValue) \($0.pattern)" }
        #expect(
            listed.sorted() == [
                "DELETE /v1/keys/:name", "GET /", "GET /v1/:any/other", "GET /v1/current/uses", "GET /v1/keys",
                "GET /v1/keys/:id", "GET /v1/keys/:id/uses/:number", "GET /v1/keys/current", "POST /v1/keys",
            ])
    }

    @Test("a path with a slash at its end is another path, with a route of its own or none")
    func slashAtTheEnd() async throws {
        var router = try Self.router()
        try router.on(.GET, "/v1/keys/") { _ in Self.text("folder") }
        for (target, expected) in [("/v1/keys/", "folder"), ("/v1/keys", "keys"), ("/v1/%6Beys/", "folder")] {
            #expect(await router.answer(Request(method: .GET, target: target)).text == expected)
        }
        #expect(await router.answer(Request(method: .GET, target: "/v1/keys//")).status == .notFound)
    }

    @Test("decodes a parameter, and an encoded slash stays in it")
    func decode() async throws {
        #expect(try await answer(.GET, "/v1/keys/a%2Fb%20%C3%A9+c").text == "key a/b é+c")
    }

    @Test(
        "answers 404 to a path that no route has",
        arguments: ["/v2", "/v1", "/v1/keys/", "/v1//keys", "/v1/keys//uses/1", "/v1/keys/1/uses", "/V1/keys", "//"])
    func notFound(_ target: String) async throws {
        #expect(try await answer(.GET, target).status == .notFound)
    }

    @Test(
        "answers 400 to a path whose encoding is broken", arguments: ["/v1/%zz", "/v1/%", "/v1/%00", "/v1/%ff", "/%e"])
    func brokenEncoding(_ target: String) async throws {
        #expect(try await answer(.GET, target).status == .badRequest)
    }

    @Test("answers 400 where a parameter is not of the type that the handler asks for")
    func wrongParameter() async throws {
        #expect(try await answer(.GET, "/v1/keys/7/uses/x").status == .badRequest)
    }

    @Test("answers 405 with the methods of the path to another method")
    func methodNotAllowed() async throws {
        let response = try await answer(.PUT, "/v1/keys")
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers["Allow"] == "GET, POST, HEAD, OPTIONS")
        #expect(try await answer(.POST, "/v1/keys/7").headers["Allow"] == "GET, DELETE, HEAD, OPTIONS")
    }

    @Test("answers OPTIONS with the methods of the path")
    func options() async throws {
        let response = try await answer(.OPTIONS, "/v1/keys")
        #expect(response.status == .noContent)
        #expect(response.headers["Allow"] == "GET, POST, HEAD, OPTIONS")
        #expect(try await answer(.OPTIONS, "*").status == .noContent)
        #expect(try await answer(.OPTIONS, "/none").status == .notFound)
    }

    @Test("keeps the parameter names of each method apart")
    func parameterNames() async throws {
        #expect(try await answer(.DELETE, "/v1/keys/7").text == "gone 7")
    }

    @Test("refuses to register a route twice, whatever its parameters are called")
    func duplicates() throws {
        var router = try Self.router()
        #expect(throws: RouterError.duplicate(.POST, "/v1/keys")) {
            try router.on(.POST, "/v1/keys") { _ in Self.text("") }
        }
        #expect(throws: RouterError.duplicate(.GET, "/v1/keys/:other")) {
            try router.on(.GET, "/v1/keys/:other") { _ in Self.text("") }
        }
    }

    @Test("refuses a pattern that is none", arguments: ["", "v1", "//", "/v1//", "/v1//x", "/:", "/:a/:a"])
    func patterns(_ pattern: String) {
        var router = Router()
        #expect(throws: RouterError.invalidPattern(pattern)) {
            try router.on(.GET, pattern) { _ in Self.text("") }
        }
    }

    @Test("reads the query's pairs, decoded, and leaves out what is broken")
    func query() {
        let query = Request(method: .GET, target: "/x?a=1&b=%C3%A9+c&a=2&d&e=%zz&=f&&g=h=i").query
        #expect(query["a"] == "1")
        #expect(query.values("a") == ["1", "2"])
        #expect(query["b"] == "é c")
        #expect(query["d"] == "")
        #expect(query["e"] == nil)
        #expect(query["g"] == "h=i")
        #expect(query["x"] == nil)
        #expect(query.names == ["a", "b", "a", "d", "", "g"])
    }

    @Test("lets the shape of refusals be given, for missing paths apart")
    func shapes() async throws {
        var router = try Self.router()
        router.failure = { reason, request in
            Response(status: reason.status, body: .bytes(Array("failure \(request.path ?? "")".utf8)))
        }
        #expect(await router.answer(Request(method: .PUT, target: "/v1/keys")).text == "failure /v1/keys")
        #expect(await router.answer(Request(method: .GET, target: "/none")).text == "failure /none")
        router.notFound = { _, _ in Response(status: .notFound, body: .bytes(Array("nothing".utf8))) }
        #expect(await router.answer(Request(method: .GET, target: "/none")).text == "nothing")
        #expect(await router.answer(Request(method: .PUT, target: "/v1/keys")).headers["Allow"] != nil)
    }
}

extension Response {
    /// The body as text.
    var text: String {
        if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
    }
}
