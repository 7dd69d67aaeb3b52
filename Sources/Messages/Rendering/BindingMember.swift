import JOSE

/// One fact of the transaction that a code confirms, as a message shows it.
public struct BindingMember: Equatable, Sendable {
    /// Unicode scalars of a name and of a value, at most.
    static let longest = 200

    public let name: String
    public let value: String

    /// The members of a binding in its own order, all on one line each; nil if it is no JSON object.
    /// - Parameter json: the binding's text.
    public static func members(of json: String) -> [BindingMember]? {
        guard let value = try? JSONValue(parsing: Array(json.utf8)), case .object(let members) = value else {
            return nil
        }
        return members.map { member in
            BindingMember(
                name: ShownText.line(member.name, longest: longest),
                value: ShownText.line(shown(member.value), longest: longest))
        }
    }

    private static func shown(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return String(decoding: value.jsonText, as: UTF8.self)
    }
}
