/// How long a command waits for an answer, and how much of one it takes.
struct AnswerPatience: Sendable {
    /// Between two pieces of an answer, and for the first.
    var silence: Duration
    /// For an answer that is collected, however steadily it comes.
    var whole: Duration
    /// Bytes of an answer that is collected.
    var size: Int

    /// Nothing that a server of ours gives has more.
    static let usual = Self(silence: .seconds(30), whole: .seconds(120), size: 64 * 1024 * 1024)
}

/// Why a command gave an answer up.
enum AnswerFault: Error, CustomStringConvertible {
    case silent(Duration)
    case slow(Duration)
    case tooLarge(Int)

    var description: String {
        switch self {
        case .silent(let time): "does not answer: nothing came for \(time.components.seconds) seconds"
        case .slow(let time): "answers too slowly: the answer was not whole after \(time.components.seconds) seconds"
        case .tooLarge(let size): "answers too much: more than \(size / 1_048_576) MiB, which no such answer has"
        }
    }
}
