import FoundationEssentials

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
}

/// A way to reach a server.
protocol Transport: Sendable {
    func send(_ request: CommandRequest) async throws -> CommandResponse
}

/// Talks to a server and turns its refusals into messages for people.
struct ServerConnection: Sendable {
    var transport: any Transport
    var key: String?

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
        var request = CommandRequest(method: method, path: path, headers: headers)
        if let key { request.headers["Authorization"] = "Bearer \(key)" }
        if let body {
            request.headers["Content-Type"] = "application/json"
            request.body = try JSONEncoder().encode(body)
        }
        let response = try await transport.send(request)
        guard (200..<300).contains(response.status) else {
            throw CommandError(Refusal.message(status: response.status, body: response.body))
        }
        return response.body
    }
}

/// What a refusal says, in either of the server's forms.
private struct Refusal: Decodable {
    var detail: String?
    var error: String?
    var details: String?
    var code: String?
    var attemptsRemaining: Int?

    enum CodingKeys: String, CodingKey {
        case detail, error, details, code
        case attemptsRemaining = "attempts_remaining"
    }

    static func message(status: Int, body: Data) -> String {
        guard let refusal = try? JSONDecoder().decode(Refusal.self, from: body) else {
            return "the server answered \(status)"
        }
        var message = refusal.detail ?? refusal.error ?? "the server answered \(status)"
        if let details = refusal.details { message += " (\(details))" }
        if let remaining = refusal.attemptsRemaining { message += " Attempts left: \(remaining)." }
        if let code = refusal.code { message += " [\(code)]" }
        return message
    }
}
