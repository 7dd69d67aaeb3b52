import FoundationEssentials
import JOSE

/// One request of a command.
struct CommandRequest: Sendable {
    var method: String
    var path: String
    var headers: [String: String]
    var body: Data?
}

/// The server's answer.
struct CommandResponse: Sendable {
    var status: Int
    var body: Data
    /// Seconds after which the server wants to be asked again; nil where it does not say.
    var retryAfter: Int?
}

/// A way to reach a server.
protocol Transport: Sendable {
    /// Sends a request and waits for the whole answer.
    ///
    /// - Parameter take: where there is one, it gets the body of a success piece by piece as it comes, and the answer that
    ///   is returned has none.
    func send(_ request: CommandRequest, _ take: (@Sendable (Data) -> Void)?) async throws -> CommandResponse
}

/// Talks to a server and turns its refusals into messages for people.
struct ServerConnection: Sendable {
    var transport: any Transport
    var key: String?
    /// Whose workspace is meant where no key says it; nil for the only one there is.
    var workspace: String?

    /// Sends a request and decodes the answer. Throws `CommandError` with what the server said.
    func call<Answer: Decodable>(
        _ method: String, _ path: String, body: (any Encodable)? = nil, headers: [String: String] = [:],
        as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        let data = try await raw(method, path, body: body, headers: headers)
        return try JSONDecoder().decode(type, from: data)
    }

    /// The answer's body as it is.
    func raw(
        _ method: String, _ path: String, body: (any Encodable)? = nil, headers: [String: String] = [:]
    ) async throws -> Data {
        let text = try body.map { try JSONEncoder().encode($0) }
        return try check(await transport.send(request(method, path, text, headers), nil))
    }

    /// The same with JSON both ways; null for an answer without body.
    func json(_ method: String, _ path: String, body: JSONValue? = nil) async throws -> JSONValue {
        let answer = try check(await transport.send(request(method, path, body.map { Data($0.jsonText) }, [:]), nil))
        return answer.isEmpty ? .null : try Self.read(answer)
    }

    /// Sends a request whose answer is JSON objects, one a line, and hands each on as it comes.
    func lines(
        _ method: String, _ path: String, body: JSONValue, _ take: @escaping @Sendable (JSONValue) -> Void
    ) async throws {
        let splitter = LineSplitter { if let value = try? Self.read($0) { take(value) } }
        _ = try check(await transport.send(request(method, path, Data(body.jsonText), [:])) { splitter.take($0) })
    }

    /// Sends a request and hands the body of a success on piece by piece as it comes.
    func pieces(_ method: String, _ path: String, _ take: @escaping @Sendable (Data) -> Void) async throws {
        _ = try check(await transport.send(request(method, path, nil, [:]), take))
    }

    private func request(
        _ method: String, _ path: String, _ body: Data?, _ headers: [String: String]
    ) -> CommandRequest {
        var request = CommandRequest(method: method, path: path, headers: headers, body: body)
        if let key { request.headers["Authorization"] = "Bearer \(key)" }
        if let workspace { request.headers["X-Countersign-Workspace"] = workspace }
        if body != nil { request.headers["Content-Type"] = "application/json" }
        return request
    }

    private func check(_ response: CommandResponse) throws -> Data {
        guard (200..<300).contains(response.status) else {
            let refusal = Refusal(status: response.status, body: response.body)
            let advice = RefusalAdvice.text(refusal.code, retryAfter: response.retryAfter)
            throw CommandError(
                [refusal.message, advice].compactMap { $0 }.joined(separator: " "), code: refusal.code,
                faults: refusal.errors, retryAfter: response.retryAfter)
        }
        return response.body
    }

    private static func read(_ text: Data) throws -> JSONValue {
        do { return try JSONValue(parsing: Array(text), within: .answers) } catch {
            throw CommandError("the server's answer is no JSON: is --server the address of a Countersign server?")
        }
    }
}
