/// A text with signatures below it (C2SP signed-note). Nothing of it is to be believed before ``verify(with:)``.
public struct SignedNote: Hashable, Sendable {
    /// No note is longer, in bytes.
    public static let maximumLength = 64 * 1024
    /// No note has more signatures.
    public static let maximumSignatures = 64

    /// What is signed, with the newline at its end.
    public let text: String
    /// The lines below it, at least one.
    public let signatures: [NoteSignature]

    /// The note of these parts.
    /// - Throws: ``LogError`` with `badNote` for a text that does not end in a newline or has other control characters,
    ///   for no signature, or beyond the limits.
    public init(text: String, signatures: [NoteSignature]) throws(LogError) {
        guard text.utf8.last == UInt8(ascii: "\n"), Self.hasOnlyNewlines(text) else {
            throw LogError(.badNote, "A note's text ends in a newline and has no other control characters.")
        }
        guard (1...Self.maximumSignatures).contains(signatures.count) else { throw Self.wrongCount() }
        self.text = text
        self.signatures = signatures
        guard encoded.utf8.count <= Self.maximumLength else {
            throw LogError(.badNote, "A note has at most \(Self.maximumLength) bytes.")
        }
    }

    static func wrongCount() -> LogError { LogError(.badNote, "A note has 1 to \(maximumSignatures) signatures.") }

    private static func hasOnlyNewlines(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\n") }
    }

    /// Reads a note.
    /// - Throws: ``LogError`` with `badNote`.
    public init(parsing bytes: some Collection<UInt8>) throws(LogError) {
        guard bytes.count <= Self.maximumLength, let note = String(validating: bytes, as: UTF8.self) else {
            throw LogError(.badNote, "A note is UTF-8 of at most \(Self.maximumLength) bytes.")
        }
        let newline = UInt8(ascii: "\n")
        let characters = Array(note.utf8)
        // The last empty line ends the text, which may have empty lines of its own.
        let blank = characters.indices.dropFirst().last { characters[$0] == newline && characters[$0 - 1] == newline }
        guard let blank else { throw LogError(.badNote, "A note is a text, an empty line and signatures.") }
        try self.init(
            text: String(decoding: characters[..<blank], as: UTF8.self),
            signatures: NoteSignature.lines(characters[(blank + 1)...]))
    }

    /// The note as it is served.
    public var encoded: String { signatures.reduce(text + "\n") { $0 + $1.line } }

    /// The note with more signatures below it, such as those of witnesses; those that it has are not added again.
    /// - Throws: ``LogError`` with `badNote` beyond the limits.
    public func adding(_ more: [NoteSignature]) throws(LogError) -> SignedNote {
        try SignedNote(text: text, signatures: signatures + more.filter { !signatures.contains($0) })
    }

    /// The signatures by `keys`, each of them checked. Lines of other keys are passed over, as signed-note demands.
    /// - Throws: ``LogError`` with `notSigned` if there are none, with `badSignature` if one of them does not verify.
    @discardableResult
    public func verify(with keys: [VerifierKey]) throws(LogError) -> [NoteSignature] {
        var verified: [NoteSignature] = []
        for signature in signatures {
            let signers = keys.filter { $0.name == signature.name && $0.id == signature.keyID }
            guard !signers.isEmpty else { continue }
            guard signers.contains(where: { $0.made(signature, for: text) }) else {
                throw LogError(.badSignature, "The signature is not of the key that it names.")
            }
            verified.append(signature)
        }
        guard !verified.isEmpty else { throw LogError(.notSigned, "The note has no signature of a known key.") }
        return verified
    }
}
