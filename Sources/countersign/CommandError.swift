import ArgumentParser

/// Ends a command with a message that says what to do.
struct CommandError: Error, CustomStringConvertible {
    let description: String
    /// Why the server refused, in the spelling of the API that was asked; nil where it was not the server.
    let code: String?

    init(_ description: String, code: String? = nil) {
        self.description = description
        self.code = code
    }
}
