/// Why a piece of a transparency log was refused. Equal by code; the message quotes nothing of what was read.
public struct LogError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was refused.
    public enum Code: String, Sendable, CaseIterable {
        /// Bytes or text that are no hash of 32 bytes.
        case badHash
        /// A tree's right edge with more or fewer hashes than its size has complete subtrees.
        case badEdge
        /// A tile's path that is not written as tlog-tiles writes it.
        case badPath
        /// A tile whose length is not that of the hashes its path promises.
        case badTile
        /// Entries that do not fill their bundle exactly, or an entry of more than 65,535 bytes.
        case badBundle
        /// A key's text or name that signed-note does not allow, or whose id is not that of its key.
        case badKey
        /// A note that signed-note does not allow, or beyond the limits of ``SignedNote``.
        case badNote
        /// A note that carries no signature of a known key.
        case notSigned
        /// A signature under the name and id of a known key that the key did not make.
        case badSignature
        /// A note's text that is no checkpoint.
        case badCheckpoint
        /// A checkpoint of another log.
        case wrongOrigin
        /// A proof for sizes or an index that cannot be proved, such as a smaller tree after a larger one.
        case badRange
        /// A proof that does not lead from what it starts with to the tree's root.
        case badProof
    }

    /// What was refused.
    public let code: Code
    /// What is wrong, in words for whoever looks at the log.
    public let message: String
    /// Where the error was raised.
    public let place: String

    init(_ code: Code, _ message: String, file: String = #fileID, line: Int = #line) {
        self.code = code
        self.message = message
        place = "\(file):\(line)"
    }

    public static func == (one: Self, other: Self) -> Bool { one.code == other.code }
    public var description: String { "\(message) (\(place))" }
}
