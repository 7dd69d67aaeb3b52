/// The longest message that a template, or the built-in wording, can make: every value as long as it may be, in characters
/// that are worth two. Members of a binding that the template does not show are left out: a send says how many there are.
public struct LongestMessage: Sendable {
    public let length: MessageLength
    private let places: [Place]

    private struct Place {
        let name: String
        /// UTF-16 units of its value, and how often it is shown.
        let units: Int
        let mentions: Int
    }

    /// - Parameters:
    ///   - template: nil for the built-in wording.
    ///   - bindingLength: bytes of a binding as JSON, at most.
    public init(of template: MessageTemplate?, as kind: MessageKind, in language: Language, bindingLength: Int) {
        let mentions = template?.mentions ?? [:]
        let values = MessageValues.longest(mentions: mentions, bindingLength: bindingLength)
        let writer = MessageWriter(values, in: language, template: template)
        length = writer.length(as: kind)
        places = mentions.filter { $0.key != "code" }.map { name, count in
            Place(name: name, units: writer.value(of: name).utf16.count, mentions: count)
        }
    }

    /// What would make it shorter.
    public var advice: String {
        let largest = places.max { ($0.units * $0.mentions, $0.name) < ($1.units * $1.mentions, $1.name) }
        guard let largest else { return "shorten the text" }
        return "shorten the text, or leave out {{\(largest.name)}}, which may have \(largest.units) characters"
            + (largest.mentions > 1 ? " and stands in it \(largest.mentions) times" : "")
    }
}

extension MessageTemplate {
    /// Throws `messageTooLong` for a text that could make a message of which no provider takes that much.
    ///
    /// - Parameter bindingLength: bytes of a binding as JSON, at most.
    public func requireRoom(bindingLength: Int) throws(TemplateError) {
        let longest = LongestMessage(of: self, as: kind, in: .english, bindingLength: bindingLength)
        guard longest.length.isTooLong else { return }
        throw TemplateError(
            .messageTooLong, in: .text,
            "the longest message that it can make is too long, \(longest.length): \(longest.advice)")
    }

    /// How often the text shows each value.
    fileprivate var mentions: [String: Int] {
        text.phrase.parts.reduce(into: [:]) { mentions, part in
            if case .place(let name) = part { mentions[name, default: 0] += 1 }
        }
    }
}

extension MessageValues {
    /// A letter of two UTF-16 units and four bytes.
    private static let wide = "\u{1D4D0}"

    fileprivate static func longest(mentions: [String: Int], bindingLength: Int) -> MessageValues {
        MessageValues(
            code: String(repeating: "0", count: longestCode),
            application: String(repeating: wide, count: longestApplication), minutes: mostMinutes,
            domain: String(repeating: "d", count: longestDomain),
            binding: longestBinding(mentions, bytes: bindingLength))
    }

    /// Members as long as they may be while all of them fit into `bytes`, the one that is shown most often first.
    private static func longestBinding(_ mentions: [String: Int], bytes: Int) -> [BindingMember] {
        let names = mentions.filter { $0.key.hasPrefix("binding.") }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { String($0.key.dropFirst("binding.".count)) }
        // {"name":"value","name":"value"}
        var room = max(0, bytes - 1 - names.reduce(0) { $0 + $1.utf8.count + 6 })
        func take(_ most: Int, bytes: Int) -> Int {
            let count = min(most, room / bytes)
            room -= count * bytes
            return count
        }
        let lengths = names.map { _ in take(BindingMember.longest, bytes: 1) }
        // A letter has a byte and a unit; for three bytes more it is a character of two units.
        return zip(names, lengths).map { name, length in
            let wider = take(length, bytes: 3)
            let value = String(repeating: wide, count: wider) + String(repeating: "m", count: length - wider)
            return BindingMember(name: name, value: value)
        }
    }
}
