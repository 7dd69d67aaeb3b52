/// From where something may be used: addresses and networks; from everywhere where none is named.
public struct AddressList: Hashable, Sendable {
    /// Entries that a list may have.
    public static let limit = 50

    /// Everywhere.
    public static let everywhere = AddressList([])

    public let ranges: [AddressRange]

    public init(_ ranges: [AddressRange]) { self.ranges = ranges }

    /// Nil where one of the texts is neither an address nor a network.
    public init?(texts: [String]) {
        let ranges = texts.compactMap { AddressRange($0) }
        guard ranges.count == texts.count else { return nil }
        self.ranges = ranges
    }

    /// Which of the texts, counted from 1, is the first that is neither an address nor a network, in words that follow a
    /// rule; nil where all are. It is not repeated.
    public static func fault(in texts: [String]) -> String? {
        texts.firstIndex { AddressRange($0) == nil }.map {
            "entry \($0 + 1) is neither, or has bits behind its network's length"
        }
    }

    public var isEverywhere: Bool { ranges.isEmpty }

    /// Whether who comes from an address, without port, may. Who has none, as over a Unix socket, is on no list.
    public func admits(_ address: String?) -> Bool {
        guard !isEverywhere else { return true }
        guard let address else { return false }
        return ranges.contains { $0.contains(address) }
    }

    /// The entries as they are read.
    public var texts: [String] { ranges.map(\.description) }
}

extension AddressList: Codable {
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        guard let list = Self(texts: try value.decode([String].self)) else {
            throw DecodingError.dataCorruptedError(in: value, debugDescription: "no address or network")
        }
        self = list
    }

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(texts)
    }
}

extension AddressList: LosslessStringConvertible {
    /// Reads what `description` writes.
    public init?(_ text: String) { self.init(texts: text.split(separator: " ").map(String.init)) }

    /// With a space between two entries, as it is stored.
    public var description: String { texts.joined(separator: " ") }
}
