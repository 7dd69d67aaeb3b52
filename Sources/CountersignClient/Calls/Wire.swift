import Foundation

/// JSON as an API of the server writes it.
struct Wire: Sendable {
    private let separatesWords: Bool

    /// The server's own API and the OTP Edge dialect.
    static let snakeCase = Wire(separatesWords: true)
    /// The Turnkey and the Agent OTP dialect.
    static let camelCase = Wire(separatesWords: false)

    func encode(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if separatesWords { encoder.keyEncodingStrategy = .convertToSnakeCase }
        // Texts, numbers and truth values of our own types always encode.
        return (try? encoder.encode(value)) ?? Data()
    }

    /// - Throws: `answerUnreadable`.
    func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from response: TransportResponse
    ) throws(CountersignError) -> Value {
        let decoder = JSONDecoder()
        if separatesWords { decoder.keyDecodingStrategy = .convertFromSnakeCase }
        decoder.dateDecodingStrategy = .custom { try Self.date($0) }
        do {
            return try decoder.decode(type, from: response.body)
        } catch {
            var error = CountersignError.answerUnreadable("The answer is not what this client knows.")
            error.status = response.status
            error.requestIdentifier = response.requestIdentifier
            throw error
        }
    }

    /// RFC 3339, with or without a fraction of a second.
    private static func date(_ decoder: any Decoder) throws -> Date {
        let text = try decoder.singleValueContainer().decode(String.self)
        if let date = try? Date(text, strategy: .iso8601) { return date }
        return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
