import JOSE

/// Ends a command with a message that says what to do.
struct CommandError: Error, CustomStringConvertible {
    let description: String
    /// Why the server refused, in the spelling of the API that was asked; nil where it was not the server.
    let code: String?
    /// What is wrong with which field, as our own API lists it.
    let faults: [JSONValue]
    /// Seconds after which the server wants to be asked again; nil where it does not say.
    let retryAfter: Int?

    init(_ description: String, code: String? = nil, faults: [JSONValue] = [], retryAfter: Int? = nil) {
        self.description = description
        self.code = code
        self.faults = faults
        self.retryAfter = retryAfter
    }
}

extension CommandError {
    /// The same for programs: `{"error": {"message", "code", "retry_after", "errors"}}`, without what there is not.
    var json: JSONValue {
        var members: [(String, JSONValue)] = [("message", .string(description))]
        if let code { members.append(("code", .string(code))) }
        if let retryAfter { members.append(("retry_after", .integer(Int64(retryAfter)))) }
        if !faults.isEmpty { members.append(("errors", .array(faults))) }
        return ["error": .object(members.map { .init(name: $0.0, value: $0.1) })]
    }
}
