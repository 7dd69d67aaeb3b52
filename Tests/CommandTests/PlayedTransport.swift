import FoundationEssentials
import Synchronization

@testable import countersign

/// A server that answers as it was told to, and remembers what it was asked.
final class PlayedTransport: Transport {
    private let answers: Mutex<[CommandResponse]>
    private let asked = Mutex<[CommandRequest]>([])

    init(answers: [CommandResponse]) { self.answers = Mutex(answers) }

    convenience init(_ answers: [(Int, String)]) {
        self.init(answers: answers.map { CommandResponse(status: $0.0, body: Data($0.1.utf8)) })
    }

    var requests: [CommandRequest] { asked.withLock { $0 } }

    func send(_ request: CommandRequest, _ take: (@Sendable (Data) -> Void)?) async throws -> CommandResponse {
        asked.withLock { $0.append(request) }
        let answer = answers.withLock { $0.removeFirst() }
        guard let take, answer.status == 200 else { return answer }
        // Byte by byte: pieces do not care where a line ends.
        for byte in answer.body { take(Data([byte])) }
        return CommandResponse(status: 200, body: Data())
    }
}
