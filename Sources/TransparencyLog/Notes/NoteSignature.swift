import Encodings

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

    private static let dash = "—"

    /// The line as it stands in a note, with its newline.
    public var line: String { "\(Self.dash) \(name) \(Base64.encode(keyID.bigEndianBytes + bytes))\n" }

    /// Reads lines, each with its newline.
    /// - Throws: ``LogError`` with `badNote` for another form, for none, and for more than a note may have.
    static func lines(_ bytes: some Collection<UInt8>) throws(LogError) -> [NoteSignature] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        guard lines.popLast()?.isEmpty == true, (1...SignedNote.maximumSignatures).contains(lines.count) else {
            throw SignedNote.wrongCount()
        }
        var signatures: [NoteSignature] = []
        for line in lines { signatures.append(try NoteSignature(line: Array(line))) }
        return signatures
    }

    /// Reads one line, with its newline.
    /// - Throws: ``LogError`` with `badNote` for another form.
    public init(parsing line: String) throws(LogError) {
        let lines = try Self.lines(Array(line.utf8))
        guard lines.count == 1 else { throw SignedNote.wrongCount() }
        self = lines[0]
    }

    private init(line: [UInt8]) throws(LogError) {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 3, parts[0] == Self.dash, let decoded = Base64.decode(parts[2]),
            decoded.count > 4, let name = try? KeyName(parts[1])
        else { throw LogError(.badNote, "A signature's line is an em dash, a key's name and base64.") }
        self.name = name
        keyID = UInt32(bigEndianBytes: decoded.prefix(4))
        bytes = Array(decoded.dropFirst(4))
    }
}
