/// One line below a note: who signed, with which key, and the signature, which nobody has checked yet.
public struct NoteSignature: Hashable, Sendable {
    /// Who says to have signed.
    public let name: KeyName
    /// The key's id; see ``VerifierKey/id``.
    public let keyID: UInt32
    /// The signature, as its algorithm forms it; never empty.
    public let bytes: [UInt8]

    public init(name: KeyName, keyID: UInt32, bytes: [UInt8]) {
        self.name = name
        self.keyID = keyID
        self.bytes = bytes
    }

    private static let dash = "— "

    /// The line as it stands in a note, with its newline.
    public var line: String { "\(Self.dash)\(name) \(Base64.encode(keyID.bigEndianBytes + bytes))\n" }

    /// Reads a line, without its newline.
    init(line: Substring) throws(LogError) {
        // By scalars, not characters: a combining mark after a space would hide the space.
        let parts = line.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 3, parts[0] == "—", let decoded = Base64.decode(parts[2]), decoded.count > 4,
            let name = try? KeyName(parts[1])
        else { throw LogError(.badNote, "A signature's line is an em dash, a key's name and base64.") }
        self.name = name
        keyID = decoded.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        bytes = Array(decoded.dropFirst(4))
    }
}
