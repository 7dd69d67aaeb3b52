import EnclaveLink

/// In which order the channels of phone numbers are tried, for each country.
public struct ChannelRoutes: Equatable, Sendable {
    /// Stands for all countries that have no route of their own.
    static let everywhere = "*"
    /// Countries with a route of their own, at most: there are fewer.
    static let limit = 300

    /// As they are written everywhere: `*=whatsapp/sms/voice`, `IN=sms`.
    public let texts: [String]
    private let channels: [String: [Channel]]

    /// No routes: the workspace's default channel alone.
    public static let none = ChannelRoutes(texts: [], channels: [:])

    private init(texts: [String], channels: [String: [Channel]]) {
        self.texts = texts
        self.channels = channels
    }

    /// Nil unless each text names another country (ISO 3166-1, two capital letters, or `*`), and after `=` one to three
    /// different channels of phone numbers with `/` between them.
    public init?(_ texts: [String]) {
        guard texts.count <= Self.limit else { return nil }
        var channels: [String: [Channel]] = [:]
        for text in texts {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, Self.isCountry(parts[0]), channels[String(parts[0])] == nil,
                let route = Self.route(parts[1])
            else { return nil }
            channels[String(parts[0])] = route
        }
        self.init(texts: texts, channels: channels)
    }

    /// The countries with a route of their own, sorted.
    var countries: [String] { channels.keys.filter { $0 != Self.everywhere }.sorted() }

    /// The channels for a number of a country, the first one first; nil where the workspace's default channel counts.
    /// - Parameter country: ISO 3166-1, two capital letters; nil where the number belongs to none.
    public func channels(for country: String?) -> [Channel]? {
        country.flatMap { channels[$0] } ?? channels[Self.everywhere]
    }

    private static func isCountry(_ text: Substring) -> Bool {
        text == everywhere || text.utf8.count == 2 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }

    private static func route(_ text: Substring) -> [Channel]? {
        let names = text.split(separator: "/", omittingEmptySubsequences: false)
        let route = names.compactMap { Channel(rawValue: String($0)) }.filter { $0 != .email }
        guard !route.isEmpty, route.count == names.count, Set(route).count == route.count else { return nil }
        return route
    }
}

extension ChannelRoutes: Codable {
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        guard let routes = ChannelRoutes(try value.decode([String].self)) else {
            throw DecodingError.dataCorruptedError(in: value, debugDescription: "no routes")
        }
        self = routes
    }

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(texts)
    }
}
