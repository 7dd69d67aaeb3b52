import EnclaveLink

/// A text that somebody saw where no key belongs.
public struct LeakedText: Sendable, Redacted {
    /// Bytes that a key has at most, and so what is worth looking at.
    static let longest = 255
    static let longestURL = 500

    public let text: String
    /// Where it was seen: a web address without user, query and fragment; empty where nobody said, or said something else.
    public let url: String

    public init(text: String, url: String) {
        self.text = text
        self.url = Self.place(url)
    }

    /// The key that it is by its form.
    var key: SecretKey? { text.utf8.count <= Self.longest ? SecretKey(text) : nil }

    public var description: String { "<leaked text>" }

    /// What an operator may be shown of an address that a stranger wrote.
    private static func place(_ url: String) -> String {
        let address = url.prefix { $0 != "?" && $0 != "#" }
        guard ["https://", "http://"].contains(where: address.hasPrefix), address.utf8.count <= longestURL,
            address.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !address.contains("@"), !address.contains("\\"),
            !address.contains("\"")
        else { return "" }
        return String(address)
    }
}

/// Who reports a leak.
public enum LeakReporter: Equatable, Sendable {
    /// One whose signature is trusted, by the name in the configuration.
    case trusted(String)
    /// Anybody. Whoever has a key has proven that it is known to others.
    case anybody

    var name: String {
        switch self {
        case .trusted(let name): name
        case .anybody: ""
        }
    }
}

/// What became of a report.
public struct LeakOutcome: Sendable {
    /// For each text, in order: whether it is or was a key of this server.
    public let isKey: [Bool]
    /// The keys that this report ended.
    public let ended: [APIKey]
}
