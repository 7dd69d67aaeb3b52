import EnclaveLink

/// A code in the clear. It prints as a placeholder; only comparison, sealing and the message read its characters.
struct Passcode: Sendable, Redacted {
    /// ASCII, 6 to 9 of them.
    let characters: [UInt8]

    init(characters: [UInt8]) { self.characters = characters }

    /// The code as a message shows it.
    var text: String { String(decoding: characters, as: UTF8.self) }

    var description: String { "<code>" }
}
