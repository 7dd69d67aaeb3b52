/// What a back end's key may do. Keys of other kinds have the rights of their kind.
public enum KeyAbility: String, CaseIterable, Sendable, Codable {
    /// Have codes sent, and call them off.
    case send
    /// Verify codes, and what follows from one: sessions.
    case verify
    /// Read records and figures.
    case read
}

extension Set<KeyAbility> {
    /// What a key may do for which nothing was said.
    public static var all: Self { Self(KeyAbility.allCases) }

    /// Reads what `text` writes; nil for anything else.
    init?(text: String) {
        let words = text.split(separator: " ")
        let abilities = words.compactMap { KeyAbility(rawValue: String($0)) }
        guard abilities.count == words.count else { return nil }
        self.init(abilities)
    }

    /// The names in their usual order, with spaces between them, as they are stored.
    public var text: String { names.joined(separator: " ") }

    /// The names in their usual order.
    public var names: [String] { KeyAbility.allCases.filter(contains).map(\.rawValue) }
}
