import FoundationEssentials

/// The one decoder and the one encoder of the room: both are safe to share and dear to make.
enum JSONCoding {
    static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return decoder
    }()

    static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        // Equal values are equal bytes, so that no order of members tells two answers apart; `https:\/\/` is allowed
        // by RFC 8259 but reads badly and is longer.
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    /// Whether the text is JSON, whatever it holds.
    static func isJSON(_ text: Data) -> Bool {
        (try? decoder.decode(AnyValue.self, from: text)) != nil
    }

    /// Asks for nothing: the decoder has read the whole text before it makes a value.
    private struct AnyValue: Decodable {
        init(from decoder: any Decoder) {}
    }

    /// The string that a JSON string literal stands for.
    static func string(quoted literal: String) -> String? {
        try? decoder.decode(String.self, from: Data(literal.utf8))
    }
}
