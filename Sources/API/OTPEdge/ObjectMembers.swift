import HTTPServer
import JOSE

/// Those members of a body that are JSON objects. Nearly no request has one, and then nothing is read twice.
struct ObjectMembers {
    private var values: [String: JSONValue] = [:]

    /// - Parameter names: the members that are looked for. Null is like none.
    /// - Throws: `INVALID_FIELD` for a member that is no object, that names a member of its own twice, or that has a number
    ///   which readers of JSON would round.
    init(_ names: [String], of request: Request) throws(OTPEdgeError) {
        let present = request.topLevelFieldNames().filter(names.contains)
        guard let first = present.first else { return }
        guard let body = try? JSONValue(parsing: request.bodyBytes, isExact: true) else {
            throw .invalidField(first, "The field must be a JSON object with unique names and exact numbers.")
        }
        for name in present {
            switch body[name] {
            case nil, .null: continue
            case .object(let members): values[name] = .object(members)
            default: throw .invalidField(name, "The field must be a JSON object.")
            }
        }
    }

    subscript(_ name: String) -> JSONValue? { values[name] }

    /// The members of an object of strings; none where there is no object.
    func texts(_ name: String) throws(OTPEdgeError) -> [String: String] {
        var texts: [String: String] = [:]
        for member in values[name]?.members ?? [] {
            guard case .string(let text) = member.value else {
                throw .invalidField(name, "Its values must be strings.")
            }
            texts[member.name] = text
        }
        return texts
    }
}
