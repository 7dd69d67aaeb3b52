import JOSE

/// One fact of the transaction that a code confirms, as a message shows it.
public struct BindingMember: Equatable, Sendable {
    /// Unicode scalars of a name and of a value, at most.
    public static let longest = 200

    public let name: String
    public let value: String

    /// Both on one line each, whatever they were.
    public init(name: String, value: String) {
        self.name = ShownText.line(name, longest: Self.longest)
        self.value = ShownText.line(value, longest: Self.longest)
    }

    /// The members of a binding in its own order, all on one line each; nil if it is no JSON object, or has a name or value
    /// longer than ``longest``: what a token says was shown is shown whole.
    /// - Parameter json: the binding's text.
    public static func members(of json: String) -> [BindingMember]? {
        guard let value = try? JSONValue(parsing: Array(json.utf8)), case .object(let members) = value else {
            return nil
        }
        let shown = members.map { (name: $0.name, value: Self.shown($0.value)) }
        guard shown.allSatisfy({ max($0.name.unicodeScalars.count, $0.value.unicodeScalars.count) <= longest }) else {
            return nil
        }
        return shown.map { BindingMember(name: $0.name, value: $0.value) }
    }

    private static func shown(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return String(decoding: value.jsonText, as: UTF8.self)
    }
}
