import EnclaveLink

/// A code in the clear. It prints as a placeholder; only comparison, sealing and the message read its characters. They
/// are overwritten when the last reference to the code goes.
struct Passcode: Sendable, Redacted {
    private let bytes: SecretBytes

    /// - Parameter characters: ASCII, 6 to 9 of them.
    init(characters: [UInt8]) {
        var characters = characters
        bytes = SecretBytes(taking: &characters)
    }

    /// The code as a message shows it.
    var text: String { String(decoding: characters, as: UTF8.self) }

    var characters: [UInt8] { bytes.withUnsafeBytes { Array($0) } }

    func withCharacters<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value { bytes.withUnsafeBytes(body) }

    var description: String { "<code>" }
}
