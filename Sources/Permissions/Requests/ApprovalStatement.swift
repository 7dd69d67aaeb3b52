import Crypto
import Encodings

/// What approvers are shown about a request: made once, when the request is made, and shown the same everywhere. What
/// the agent says is quoted on one line and marked as its claim. What an approval grants is shown whole; what the agent
/// says beside it is cut.
public struct ApprovalStatement: Sendable, Equatable {
    /// Lines, the first of which is written by the server alone.
    public let text: String

    init(text: String) { self.text = text }

    /// SHA-256 of the text, in hexadecimal digits: an approver who sends it back approves this text and no other.
    public var digest: String { Hexadecimal.encode(Array(SHA256.hash(data: Array(text.utf8)))) }
}
