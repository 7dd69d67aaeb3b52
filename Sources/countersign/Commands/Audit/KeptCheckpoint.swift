import TransparencyLog

/// A checkpoint that somebody kept in a file.
struct KeptCheckpoint {
    let path: String
    /// Which log it says that it is of.
    let origin: KeyName
    private let note: SignedNote

    /// Throws `CommandError` where the file cannot be read or is no signed note.
    init(path: String) throws {
        self.path = path
        let text = try FilePieces(path: path).beginning(atMost: SignedNote.maximumLength + 1)
        do {
            note = try SignedNote(parsing: text)
            origin = try Checkpoint(parsing: note.text).origin
        } catch {
            throw CommandError("\(path) is no checkpoint: \(error.message)")
        }
    }

    /// What the log's key has signed there. Throws `CommandError` where it is another key's or another log's.
    func opened(by key: VerifierKey) throws -> Checkpoint {
        do { return try Checkpoint(opening: note, signedBy: key) } catch {
            throw CommandError("\(path) is no checkpoint of \(key.name): \(error.message)")
        }
    }
}
