import FoundationEssentials

/// The key that goes with a command's requests.
enum CommandKey {
    static let variable = "COUNTERSIGN_KEY"

    /// The key that an option gives, else the environment's; nil where neither has one.
    ///
    /// Throws `CommandError` for what can be no key.
    static func given(_ option: String?) throws(CommandError) -> String? {
        if let option { return try checked(option, from: "--key") }
        guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else { return nil }
        return try checked(text, from: variable)
    }

    /// The same key, where it is one that may stand in a header field.
    ///
    /// - Parameters:
    ///   - source: where it was given, for people.
    ///   - advice: what to do with the key instead.
    static func checked(
        _ key: String, from source: String, advice: String = "set \(variable) to the key"
    ) throws(CommandError) -> String {
        guard !key.isEmpty else { throw CommandError("\(source) is empty: \(advice)") }
        // A line end would begin another field.
        guard key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CommandError(
                "\(source) has a line end, a space or another character that no key has: \(advice) alone")
        }
        return key
    }
}
