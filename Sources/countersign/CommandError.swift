import ArgumentParser
import JOSE

/// Ends a command with a message that says what to do.
struct CommandError: Error, CustomStringConvertible {
    let description: String
    /// Why the server refused, in the spelling of the API that was asked; nil where it was not the server.
    let code: String?
    /// What is wrong with which field, as our own API lists it.
    let faults: [JSONValue]

    init(_ description: String, code: String? = nil, faults: [JSONValue] = []) {
        self.description = description
        self.code = code
        self.faults = faults
    }
}
