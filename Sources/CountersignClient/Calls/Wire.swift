import Foundation

/// JSON as the server's own API writes it (`snake_case`) and as the Turnkey dialect does.
enum Wire {
    static func encode(_ value: some Encodable, plain: Bool = false) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !plain { encoder.keyEncodingStrategy = .convertToSnakeCase }
        // Texts, numbers and truth values of our own types always encode.
        return (try? encoder.encode(value)) ?? Data()
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from response: TransportResponse, plain: Bool = false
    ) throws(CountersignError) -> Value {
        let decoder = JSONDecoder()
        if !plain { decoder.keyDecodingStrategy = .convertFromSnakeCase }
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = date(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no RFC 3339 time")
            }
            return date
        }
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
    private static func date(_ text: String) -> Date? {
        if let date = try? Date(text, strategy: .iso8601) { return date }
        return try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
