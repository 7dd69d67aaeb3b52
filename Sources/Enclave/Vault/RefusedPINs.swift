import EnclaveLink
import Glibc

/// Remembers on the disk which tokens refused their PIN, so that a start that is repeated does not use up the few tries
/// after which a token locks it. Beside `master.key`:
///
///     countersign refused PIN 1
///     token the token's label
///
/// Of the PIN nothing is written down, so a new one is not known from the old one: an operator deletes the file.
///
/// The note stands under another name while a PIN is tried, and every outcome takes it away. One that is left is of a process
/// that ended before it learned the outcome: as nobody knows it, it counts as a refusal.
struct RefusedPINs: Sendable {
    private static let title = "countersign refused PIN 1"
    private static let lengthLimit = 4096
    /// Microseconds between two looks at whether another process is done.
    private static let pause: UInt32 = 20_000

    /// There while a token refused its PIN, and nobody said that it was corrected.
    let path: String
    private var trialPath: String { "\(path).try" }
    private let patience: Duration

    /// - Parameter patience: how long another process that tries a PIN is waited for; well below what the enclave waits for
    ///   its keeper.
    init(dataDirectory: String, patience: Duration = .seconds(5)) {
        path = "\(dataDirectory)/master.key.pin-refused"
        self.patience = patience
    }

    /// Has a PIN tried, unless that token refused it before. Of several processes one tries at a time: `trial` is the try
    /// alone, and nothing else in which an HSM may hang.
    /// - Throws: `pinRefusedBefore`, `refusalNotNoted` where a refusal could not be written down, `token` with `busy` where
    ///   another process does not come to an end, and what `trial` throws: after `pinRefused` none is tried at that token
    ///   again.
    func trying<Value>(
        _ token: TokenName, _ trial: () throws(TokenError) -> Value
    ) throws(VaultError) -> Value {
        // Written before the try: where that is not possible, or the disk is full, there is none.
        let note = try prepare(token)
        defer { withExtendedLifetime(note) {} }
        do {
            let value = try trial()
            discardNote()
            return value
        } catch {
            guard error.code == .pinRefused else {
                discardNote()
                throw .token(token, error)
            }
            let isNoted = rename(trialPath, path) == 0 && PrivateFile(path: path).syncFolder()
            throw isNoted ? .pinRefused(token, error, path: path) : .refusalNotNoted(path: path)
        }
    }

    /// Takes away the note of a try whose outcome is known and is no refusal. Until the disk knows it too, a power cut
    /// brings the note back, and a right PIN counts as refused.
    private func discardNote() {
        unlink(trialPath)
        // Where the disk does not take it, the try is none the worse: after a power cut somebody has to delete a file.
        _ = PrivateFile(path: path).syncFolder()
    }

    /// Writes what is kept if the token refuses, and holds the only right to try until it is let go.
    private func prepare(_ token: TokenName) throws(VaultError) -> OwnedDescriptor {
        let note = try lockTaken(token)
        let known = known
        guard known.map({ !$0.contains(token.text) }) ?? false else {
            unlink(trialPath)
            throw .pinRefusedBefore(token, path: path)
        }
        let lines = ((known ?? []) + [token.text]).map { "token \($0)\n" }
        let text = Array("\(Self.title)\n\(lines.joined())".utf8)
        guard ftruncate(note.number, 0) == 0, note.write(text, at: 0), note.synchronize() else {
            unlink(trialPath)
            throw .refusalNotNoted(path: path)
        }
        return note
    }

    /// The file at `trialPath`, locked, after what another process left in it became a refusal.
    private func lockTaken(_ token: TokenName) throws(VaultError) -> OwnedDescriptor {
        let left = try lock(token)
        // What is not whole was never on the disk before a try.
        guard let tokens = Self.tokens(left.read(at: 0, limit: Self.lengthLimit) ?? []), !tokens.isEmpty else {
            return left
        }
        guard rename(trialPath, path) == 0, PrivateFile(path: path).syncFolder() else {
            throw .refusalNotNoted(path: path)
        }
        return try lock(token)
    }

    /// The file at `trialPath`, locked. Whoever held it before has taken it away, so it is opened until it is still there.
    private func lock(_ token: TokenName) throws(VaultError) -> OwnedDescriptor {
        let end = ContinuousClock.now + patience
        while true {
            let number = open(trialPath, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard number >= 0 else { throw .refusalNotNoted(path: path) }
            let descriptor = OwnedDescriptor(number)
            while flock(number, LOCK_EX | LOCK_NB) != 0 {
                guard errno == EINTR || errno == EWOULDBLOCK else { throw .refusalNotNoted(path: path) }
                guard ContinuousClock.now < end else { throw .token(token, .busy) }
                usleep(Self.pause)
            }
            var (held, there) = (stat(), stat())
            if fstat(number, &held) == 0, stat(trialPath, &there) == 0, held.st_ino == there.st_ino {
                return descriptor
            }
        }
    }

    /// The tokens that refused; nil where the file says it otherwise than this does, and every token may be meant.
    private var known: [String]? {
        let text: [UInt8]
        do {
            text = try PrivateFile(path: path).open(O_RDONLY).read(at: 0, limit: Self.lengthLimit) ?? []
        } catch {
            return error == .missing ? [] : nil
        }
        return Self.tokens(text)
    }

    /// Nil for what this did not write, or not to its end.
    private static func tokens(_ text: [UInt8]) -> [String]? {
        guard text.last == UInt8(ascii: "\n") else { return nil }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        guard lines.first == title[...], lines.dropFirst().allSatisfy({ $0.hasPrefix("token ") }) else {
            return nil
        }
        return lines.dropFirst().map { String($0.dropFirst("token ".count)) }
    }
}
