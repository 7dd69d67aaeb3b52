/// What a log asks a witness: to cosign its newest checkpoint, which extends the one that it cosigned before
/// (tlog-witness, `POST <prefix>/add-checkpoint`).
public struct AddCheckpointRequest: Hashable, Sendable {
    /// A witness takes no more lines of proof.
    public static let maximumProofLines = 63

    /// The size of the newest checkpoint that the witness cosigned, as far as the log knows; 0 before the first.
    public let oldSize: UInt64
    /// That the new checkpoint extends it; empty after 0.
    public let proof: ConsistencyProof
    /// The new checkpoint with the log's signature.
    public let note: SignedNote

    /// A request of these parts.
    /// - Throws: ``LogError`` with `badProof` for more than 63 hashes.
    public init(oldSize: UInt64, proof: ConsistencyProof, note: SignedNote) throws(LogError) {
        guard proof.hashes.count <= Self.maximumProofLines else {
            throw LogError(.badProof, "A witness takes at most \(Self.maximumProofLines) lines of proof.")
        }
        self.oldSize = oldSize
        self.proof = proof
        self.note = note
    }

    private static let sizeWord = "old "
    /// The first line, the proof, an empty line.
    private static let maximumHeaderLength = 4 + 20 + 1 + maximumProofLines * 45 + 1

    /// The request's body.
    public var encoded: String {
        "\(Self.sizeWord)\(oldSize)\n" + proof.hashes.map { "\($0.base64)\n" }.joined() + "\n\(note.encoded)"
    }

    /// Reads a request's body.
    /// - Throws: ``LogError`` with `badNote` or `badProof`.
    public init(parsing body: [UInt8]) throws(LogError) {
        let newline = UInt8(ascii: "\n")
        guard body.count <= Self.maximumHeaderLength + SignedNote.maximumLength,
            let blank = body.indices.dropFirst().first(where: { body[$0] == newline && body[$0 - 1] == newline })
        else { throw LogError(.badNote, "A request has a size, a proof, an empty line and a checkpoint.") }
        let lines = body[..<(blank - 1)].split(separator: newline, omittingEmptySubsequences: false)
        guard let first = lines.first, first.starts(with: Self.sizeWord.utf8),
            let size = UInt64(canonicalDecimal: first.dropFirst(Self.sizeWord.utf8.count)),
            lines.count <= 1 + Self.maximumProofLines
        else { throw LogError(.badProof, "A request begins with the old size and at most 63 hashes.") }
        var hashes: [LogHash] = []
        for line in lines.dropFirst() { hashes.append(try LogHash(base64: String(decoding: line, as: UTF8.self))) }
        try self.init(
            oldSize: size, proof: ConsistencyProof(hashes), note: SignedNote(parsing: body[(blank + 1)...]))
    }
}
